/// core/v1 but for Pod, and coordination.k8s.io.
extension TypeTexts {
    static let core = [
        "Namespace": TypeText(
            "A part of the cluster with names of its own. Policies select namespaces by their labels."),
        "NamespaceSpec": TypeText(
            "How a namespace ends.", ["finalizers": "Who must finish before the namespace may go."]),
        "NamespaceStatus": TypeText(
            "Where a namespace is in its life.",
            ["phase": "Active, or Terminating while what is in it is being deleted."]),
        "ConfigMap": TypeText(
            "Configuration that is no secret, as names and values.",
            [
                "data": "Text by name.", "binaryData": "Bytes by name, in base64.",
                "immutable": "True when the data can no longer be changed.",
            ]),
        "Secret": TypeText(
            "Passwords, keys and the like, as names and values.",
            [
                "data": "Bytes by name, in base64.",
                "stringData": "Text by name, which the server puts into `data`; never read back.",
                "immutable": "True when the data can no longer be changed.",
                "type": "What kind of secret it is, such as Opaque or kubernetes.io/tls.",
            ]),
        "ServiceAccount": TypeText(
            "An identity for the programs in pods.",
            [
                "secrets": "The Secrets that pods of the account may use.",
                "imagePullSecrets": "The Secrets with which its pods get their images.",
                "automountServiceAccountToken": "Whether its pods get a token as a file.",
            ]),
        "LocalObjectReference": TypeText("An object of the same namespace.", ["name": "The object's name."]),
        "ObjectReference": TypeText(
            "Some object, or a part of it.",
            [
                "apiVersion": "Its group and version.", "kind": "Its kind.", "namespace": "Its namespace.",
                "name": "Its name.", "uid": "Its uid.", "resourceVersion": "The state of it that is meant.",
                "fieldPath": "The part that is meant, such as spec.containers{web}.",
            ]),
        "Event": TypeText(
            "Something that happened to an object. Events are kept for an hour.",
            [
                "involvedObject": "What it happened to.", "reason": "What happened, as one word in CamelCase.",
                "message": "What happened, for people.", "source": "Who reports it.",
                "firstTimestamp": "When it first happened.", "lastTimestamp": "When it last happened.",
                "count": "How often it happened.", "type": "Normal or Warning.",
                "eventTime": "When it happened, to the microsecond.", "series": "The repetitions, if it goes on.",
                "action": "What was done or failed.", "related": "A second object that has to do with it.",
                "reportingComponent": "The name of the program that reports.",
                "reportingInstance": "Which instance of the program reports.",
            ]),
        "EventSource": TypeText(
            "Who reports an event.",
            ["component": "The name of the program.", "host": "The node that the program runs on."]),
        "EventSeries": TypeText(
            "Repetitions of an event.",
            ["count": "How often it has happened so far.", "lastObservedTime": "When it last happened."]),
        "Lease": TypeText("A right that one holder has for a while: who leads, which node lives."),
        "LeaseSpec": TypeText(
            "Who holds a lease and until when.",
            [
                "holderIdentity": "Who holds it.",
                "leaseDurationSeconds": "For how many seconds after `renewTime` others must wait.",
                "acquireTime": "When the present holder got it.", "renewTime": "When the holder last renewed it.",
                "leaseTransitions": "How often the holder changed.", "strategy": "How a new holder is chosen.",
                "preferredHolder": "Who is to have it next.",
            ]),
    ]

    static let nodes = [
        "Node": TypeText("A machine that runs pods."),
        "NodeSpec": TypeText(
            "What is wanted of a node.",
            [
                "podCIDR": "The range of its pods' addresses; the first of `podCIDRs`.",
                "podCIDRs": "The ranges of its pods' addresses, at most one for each address family.",
                "providerID": "How the provider of the machine names it.",
                "unschedulable": "True when it is to get no new pods.",
                "taints": "What keeps pods away that do not tolerate it.",
                "configSource": "No longer used.", "externalID": "No longer used.",
            ]),
        "Taint": TypeText(
            "What keeps pods away from a node.",
            [
                "key": "The taint's name.", "value": "The taint's value.",
                "effect": "NoSchedule, PreferNoSchedule or NoExecute.", "timeAdded": "When it was added.",
            ]),
        "NodeStatus": TypeText(
            "What a node reports.",
            [
                "capacity": "What the machine has.", "allocatable": "What of it pods may use.",
                "phase": "No longer used.",
                "addresses": "Its addresses. Other nodes reach its pods through the InternalIP.",
                "daemonEndpoints": "The ports of its own programs.", "nodeInfo": "Its kernel, runtime and system.",
                "images": "The images that are on it.", "volumesInUse": "The attached volumes that are mounted.",
                "volumesAttached": "The volumes that are attached.", "config": "No longer used.",
                "runtimeHandlers": "The ways in which it can run pods.", "features": "What its runtime can do.",
            ]),
        "NodeAddress": TypeText(
            "One address of a node.",
            ["type": "InternalIP, ExternalIP, Hostname, InternalDNS or ExternalDNS.", "address": "The address."]),
    ]
}
