import ClusterAPI

/// Manifests made fit for a live cluster: in the order to create them, without what only an API server may write.
///
/// Manifests written for offline questions carry addresses, uids and nodes of another cluster; a lab gives its own.
struct ManifestPlan: Hashable, Sendable {
    /// Namespaces, those that objects only mention included.
    private(set) var namespaces: [JSONValue] = []
    /// Those by which the server takes others, or does not: services' external addresses need an ExternalIPPolicy.
    private(set) var admission: [JSONValue] = []
    /// Everything else that is not a pod.
    private(set) var others: [JSONValue] = []
    private(set) var pods: [JSONValue] = []
    /// What was left out or changed, for people.
    private(set) var notes: [String] = []

    /// Says that a pod of a manifest has ended: `Succeeded` or `Failed`.
    ///
    /// It gets no process and no address.
    static let phaseAnnotation = "gabion.io/lab-phase"
    /// What the API server or the lab decides, and a manifest of another cluster cannot.
    private static let serverFields = [
        "uid", "resourceVersion", "creationTimestamp", "generation", "selfLink", "managedFields", "ownerReferences",
        "deletionTimestamp", "deletionGracePeriodSeconds", "finalizers",
    ]
    private static let labOwned: Set<String> = ["Node", "HostSubnet", "NetNamespace", "ClusterNetwork", "LabTopology"]

    init(_ objects: [JSONValue], on topology: LabTopology) {
        var places = NodePlaces(topology)
        for object in objects.flatMap(Self.flattened) {
            let kind = object["kind"]?.string ?? ""
            if Self.labOwned.contains(kind) { continue }
            var object = object
            var metadata = object["metadata"] ?? [:]
            for field in Self.serverFields { metadata[field] = nil }
            object["metadata"] = metadata
            switch kind {
            case "Namespace":
                object["status"] = nil
                object["spec"] = nil
                namespaces.append(object)
            case "Pod": pods.append(Self.placed(Self.completed(object), &places))
            case "ExternalIPPolicy":
                object["status"] = nil
                admission.append(object)
            default:
                object["status"] = nil
                others.append(object)
            }
        }
        notes = places.notes
        addMissingNamespaces()
    }

    /// `List`s and their like as their items.
    static func flattened(_ object: JSONValue) -> [JSONValue] {
        guard (object["kind"]?.string ?? "").hasSuffix("List"), let items = object["items"]?.array else {
            return [object]
        }
        return items.flatMap(flattened)
    }

    private mutating func addMissingNamespaces() {
        let present = Set(namespaces.compactMap { $0["metadata"]?["name"]?.string })
        let named = Set((others + pods).compactMap { $0["metadata"]?["namespace"]?.string })
        for name in named.subtracting(present).sorted() where name != "default" {
            namespaces.append(["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)]])
        }
    }

    /// A pod as the API server accepts it: with a container, with images, and with its end as an annotation.
    private static func completed(_ pod: JSONValue) -> JSONValue {
        var pod = pod
        var metadata = pod["metadata"] ?? [:]
        if metadata["namespace"] == nil { metadata["namespace"] = "default" }
        let phase = pod["status"]?["phase"]?.string
        if phase == "Succeeded" || phase == "Failed" {
            var annotations = metadata["annotations"]?.object.map(JSONValue.object) ?? [:]
            annotations[phaseAnnotation] = phase.map(JSONValue.string)
            metadata["annotations"] = annotations
        }
        pod["metadata"] = metadata
        pod["status"] = nil
        var spec = pod["spec"]?.object.map(JSONValue.object) ?? [:]
        for field in ["containers", "initContainers"] {
            guard let list = spec[field]?.array else { continue }
            spec[field] = .array(
                list.map { container in
                    var container = container
                    if container["image"] == nil { container["image"] = "gabion.io/lab" }
                    return container
                })
        }
        if (spec["containers"]?.array ?? []).isEmpty {
            spec["containers"] = [["name": "pod", "image": "gabion.io/lab"]]
        }
        pod["spec"] = spec
        return pod
    }

    private static func placed(_ pod: JSONValue, _ places: inout NodePlaces) -> JSONValue {
        guard var spec = pod["spec"], let wanted = spec["nodeName"]?.string else { return pod }
        spec["nodeName"] = .string(places.node(for: wanted))
        var pod = pod
        pod["spec"] = spec
        return pod
    }
}

/// The lab's nodes for the node names of manifests: names that the lab does not have are mapped, so that pods of one node
/// stay together.
struct NodePlaces {
    private let nodes: [String]
    private var mapped: [String: String] = [:]
    private(set) var notes: [String] = []

    init(_ topology: LabTopology) { nodes = topology.nodes.map(\.name) }

    mutating func node(for name: String) -> String {
        if nodes.contains(name) { return name }
        if let known = mapped[name] { return known }
        let node = nodes[mapped.count % nodes.count]
        mapped[name] = node
        notes.append("pods of node \(name) run on \(node): the lab has no node of that name")
        return node
    }
}
