import ClusterAPI

/// The kind that tests write when no part of Gabion is to care.
extension ResourceType {
    static let configMaps = ResourceType(
        group: "", version: "v1", kind: "ConfigMap", plural: "configmaps", isNamespaced: true)
}

extension JSONValue {
    static func configMap(_ name: String, in namespace: String, _ data: JSONValue = [:]) -> JSONValue {
        [
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": ["name": .string(name), "namespace": .string(namespace)], "data": data,
        ]
    }
}
