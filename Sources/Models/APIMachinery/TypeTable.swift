import ClusterAPI

/// The structure of the built-in kinds: which fields there are, what they hold, how strategic patches merge them.
enum TypeTable {
    struct ObjectType: Hashable, Sendable {
        /// The name in OpenAPI documents, such as `io.k8s.api.core.v1.Pod`.
        let openAPIName: String
        let fields: [String: FieldShape]
        /// True when there are fields besides these, which are kept and never reported.
        let isOpen: Bool
    }

    /// All types by their short name.
    static let types: [String: ObjectType] = {
        var types: [String: ObjectType] = [:]
        for part in [
            meta, core, podParts, networking, coordination, openShift, zones, staging, externalIPs, failover,
            clusterPolicies, egress, egressGateway, definitions,
        ] {
            types.merge(part) { first, _ in first }
        }
        return types
    }()

    /// Types that one writer says as a whole: two halves of a selector select something that nobody wanted.
    static let wholes: Set<String> = ["LabelSelector"]

    /// The shape of a whole object.
    ///
    /// Kinds whose fields are not in the table are checked in their metadata only.
    static func root(of resource: ResourceDescriptor) -> FieldShape {
        let isBuiltIn = resource.customResourceDefinition == nil
        return .type(isBuiltIn && types[resource.kind] != nil ? resource.kind : "AnyObject")
    }

    /// The type of an object that stands inside another one, by what it says of itself.
    static func type(ofManifest members: [String: JSONValue]) -> String {
        let resource = ResourceDescriptor.builtIn.first { resource in
            resource.kind == members["kind"]?.string
                && resource.served.contains { $0.apiVersion == members["apiVersion"]?.string }
        }
        guard let kind = resource?.kind, types[kind] != nil else { return "AnyObject" }
        return kind
    }

    static func type(_ package: String, _ name: String, open: Bool = false, _ fields: [String: FieldShape]) -> (
        String, ObjectType
    ) {
        (name, ObjectType(openAPIName: "\(package).\(name)", fields: fields, isOpen: open))
    }

    /// A kind with `apiVersion`, `kind` and `metadata` besides its own fields.
    static func kind(_ package: String, _ name: String, open: Bool = false, _ fields: [String: FieldShape]) -> (
        String, ObjectType
    ) {
        let common: [String: FieldShape] = ["apiVersion": .text, "kind": .text, "metadata": .type("ObjectMeta")]
        return type(package, name, open: open, fields.merging(common) { own, _ in own })
    }

    static func table(_ types: [(String, ObjectType)]) -> [String: ObjectType] {
        Dictionary(types) { first, _ in first }
    }

    private static let metaPackage = "io.k8s.apimachinery.pkg.apis.meta.v1"

    private static let meta = table([
        kind(metaPackage, "AnyObject", open: true, [:]),
        type(
            metaPackage, "ObjectMeta",
            [
                "name": .text, "generateName": .text, "namespace": .text, "selfLink": .text, "uid": .text,
                "resourceVersion": .text, "generation": .integer, "creationTimestamp": .time,
                "deletionTimestamp": .time,
                "deletionGracePeriodSeconds": .integer, "labels": .map(.text), "annotations": .map(.text),
                "ownerReferences": .list("OwnerReference", by: "uid"), "finalizers": .list(.text, .set),
                "managedFields": .list("ManagedFieldsEntry"), "clusterName": .text,
            ]),
        type(
            metaPackage, "OwnerReference",
            [
                "apiVersion": .text, "kind": .text, "name": .text, "uid": .text, "controller": .flag,
                "blockOwnerDeletion": .flag,
            ]),
        type(
            metaPackage, "ManagedFieldsEntry",
            [
                "apiVersion": .text, "fieldsType": .text, "fieldsV1": .map(.any), "manager": .text, "operation": .text,
                "subresource": .text, "time": .time,
            ]),
        type(
            metaPackage, "LabelSelector",
            ["matchLabels": .map(.text), "matchExpressions": .list("LabelSelectorRequirement")]),
        type(metaPackage, "LabelSelectorRequirement", ["key": .text, "operator": .text, "values": .texts]),
        type(
            metaPackage, "Condition",
            [
                "type": .text, "status": .text, "observedGeneration": .integer, "lastTransitionTime": .time,
                "lastHeartbeatTime": .time, "lastProbeTime": .time, "lastUpdateTime": .time, "reason": .text,
                "message": .text,
            ]),
    ])
}
