import ClusterAPI

enum NamespaceRules {
    /// Every namespace carries its own name as a label, and is active until it goes.
    static func setDefaults(_ object: inout JSONValue) {
        if var metadata = object["metadata"] {
            var labels = metadata["labels"]?.object ?? [:]
            labels["kubernetes.io/metadata.name"] = metadata["name"]
            metadata["labels"] = .object(labels)
            object["metadata"] = metadata
        }
        if object["spec"] == nil { object["spec"] = [:] }
        var status = object["status"]?.object ?? [:]
        status["phase"] = object["metadata"]?["deletionTimestamp"] == nil ? "Active" : "Terminating"
        object["status"] = .object(status)
    }
}
