/// What the types and fields of `TypeTable` mean, in a sentence each: `kubectl explain` shows it.
enum TypeTexts {
    struct TypeText: Sendable {
        let summary: String
        let fields: [String: String]

        init(_ summary: String, _ fields: [String: String] = [:]) {
            self.summary = summary
            self.fields = fields
        }
    }

    static func summary(of type: String) -> String { types[type]?.summary ?? "" }

    static func field(_ name: String, of type: String) -> String {
        types[type]?.fields[name] ?? common[name] ?? ""
    }

    private static let types: [String: TypeText] = {
        var types: [String: TypeText] = [:]
        for part in [
            meta, core, nodes, services, pods, containers, podStatus, networking, openShift, zones, staging,
            externalIPs, failover, clusterPolicies, egress, egressAddresses, egressGateway, definitions,
            unlisted,
        ] {
            types.merge(part) { first, _ in first }
        }
        return types
    }()

    /// Fields that mean the same in every kind.
    private static let common = [
        "apiVersion": "The group and version in which the object is written, such as networking.k8s.io/v1.",
        "kind": "The type of the object, in CamelCase.",
        "metadata": "Name, labels and everything else that all objects have.",
        "spec": "What is wanted.",
        "status": "What is the case, written by whoever brings it about.",
        "conditions": "What is known about the object, one entry for each type of condition.",
    ]

    private static let meta = [
        "AnyObject": TypeText("An object of the API."),
        "ObjectMeta": TypeText(
            "What every stored object has besides its own content.",
            [
                "name": "The object's name: unique among objects of its kind in its namespace, and fixed.",
                "generateName": "A prefix from which the server makes a free name when `name` is empty.",
                "namespace": "The namespace that the object is in; empty for kinds of the whole cluster.",
                "selfLink": "No longer used.",
                "uid": "Tells this object from earlier and later ones of the same name; set by the server.",
                "resourceVersion":
                    "The revision of this state. An update that states it is refused when the object has changed since.",
                "generation": "Counts the changes of what is wanted; set by the server.",
                "creationTimestamp": "When the object was created; set by the server.",
                "deletionTimestamp": "When its deletion was asked for; the object goes when no finalizer is left.",
                "deletionGracePeriodSeconds": "How many seconds the object may take to end.",
                "labels": "Names and values by which selectors, those of policies too, find the object.",
                "annotations": "Names and values for people and programs, by which nothing is selected.",
                "ownerReferences": "The objects that this one belongs to: it is deleted when none of them is left.",
                "finalizers": "Who has work to do before the object may go. Each takes its own entry away.",
                "managedFields": "Who owns which field, for server-side apply; set by the server.",
                "clusterName": "No longer used.",
            ]),
        "OwnerReference": TypeText(
            "An object that another one belongs to, in the same namespace or of the whole cluster.",
            [
                "apiVersion": "The owner's group and version.", "kind": "The owner's kind.",
                "name": "The owner's name.",
                "uid": "The owner's uid; an object of the same name with another uid is not the owner.",
                "controller": "True for the one owner that manages the object.",
                "blockOwnerDeletion": "True when an owner that is deleted in the foreground waits for this object.",
            ]),
        "ManagedFieldsEntry": TypeText(
            "What one program owns of an object: others that apply something else there are in conflict with it.",
            [
                "apiVersion": "The group and version in which the fields are named.",
                "fieldsType": "How the fields are written: FieldsV1.",
                "fieldsV1": "The fields, as a tree of their names.",
                "manager": "The program's name.", "operation": "Apply, or Update for every other way of writing.",
                "subresource": "The subresource by which it wrote.", "time": "When it last changed what it owns.",
            ]),
        "LabelSelector": TypeText(
            "Selects objects by labels. Everything that is stated must hold; an empty selector selects all.",
            [
                "matchLabels": "Labels that must be there with exactly these values.",
                "matchExpressions": "Further conditions on labels.",
            ]),
        "LabelSelectorRequirement": TypeText(
            "One condition on a label.",
            [
                "key": "The label's name.",
                "operator": "In, NotIn, Exists or DoesNotExist. NotIn holds for objects without the label too.",
                "values": "The values for In and NotIn; empty for the other operators.",
            ]),
        "Condition": TypeText(
            "One thing that is true, false or unknown about an object.",
            [
                "type": "What the condition is about, such as Ready.", "status": "True, False or Unknown.",
                "observedGeneration": "The generation of the object that this was found for.",
                "lastTransitionTime": "When the status last changed.",
                "lastHeartbeatTime": "When the reporter last confirmed it.",
                "lastProbeTime": "When it was last looked at.", "lastUpdateTime": "When the entry was last written.",
                "reason": "Why, as one word in CamelCase.", "message": "Why, for people.",
            ]),
    ]
}
