import ClusterAPI

/// The values that field selectors compare, taken out of an object when it is stored.
enum SelectableFields {
    /// The fields of each resource besides `metadata.name` and `metadata.namespace`, which every kind has.
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

    static func values(of document: JSONValue, resource: String) -> [String: String] {
        var values: [String: String] = [:]
        for path in ["metadata.name", "metadata.namespace"] + (paths[resource] ?? []) {
            values[path] = text(at: path, in: document)
        }
        return values
    }

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
