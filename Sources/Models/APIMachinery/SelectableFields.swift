package import ClusterAPI

/// What field selectors may name, and the values that they compare.
package enum SelectableFields {
    private static let metadata = ["metadata.name", "metadata.namespace"]

    /// The fields of each resource (by qualified plural) besides `metadata.name` and `metadata.namespace`, which every kind has.
    private static let paths: [String: [String]] = [
        "pods": [
            "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "spec.hostNetwork",
            "status.phase", "status.podIP", "status.podIPs", "status.nominatedNodeName",
        ],
        "events": [
            "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid",
            "involvedObject.apiVersion", "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason",
            "reportingComponent", "source", "type",
        ],
        "nodes": ["spec.unschedulable"],
        "namespaces": ["status.phase"],
        "secrets": ["type"],
        "services": ["spec.clusterIP", "spec.type"],
    ]

    /// Every selectable field of an object with its text, empty when absent.
    package static func values(of document: JSONValue, resource: String) -> [String: String] {
        (metadata + (paths[resource] ?? [])).reduce(into: [:]) { $0[$1] = text(at: $1, in: document) }
    }

    static func contains(_ field: String, of resource: String) -> Bool {
        metadata.contains(field) || paths[resource]?.contains(field) == true
    }

    /// Whether a resource has more than what every kind has.
    static func areListed(for resource: String) -> Bool { paths[resource] != nil }

    /// Absent fields and booleans read as the real server's defaults: `""` and `false` are selectable too.
    private static func text(at path: String, in document: JSONValue) -> String {
        var value: JSONValue? = document
        for name in path.split(separator: ".") { value = value?[String(name)] }
        switch value {
        case .string(let text): return text
        case .bool(let flag): return flag ? "true" : "false"
        case .int(let number): return String(number)
        case .object(let members): return members["component"]?.string ?? ""
        case .array(let elements): return elements.compactMap { $0["ip"]?.string }.joined(separator: ",")
        default: return path == "spec.unschedulable" || path == "spec.hostNetwork" ? "false" : ""
        }
    }
}
