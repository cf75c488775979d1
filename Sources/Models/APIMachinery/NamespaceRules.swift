package import ClusterAPI

package enum NamespaceRules {
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

    /// 422 for a finalizer that nobody could know: the namespace would wait for ever.
    package static func checkFinalizers(_ object: JSONValue, name: String) throws(APIStatus) {
        let errors = (object["spec"]?["finalizers"]?.array ?? []).enumerated().flatMap { index, finalizer in
            MetadataRules.finalizerErrors(finalizer.string ?? "", "spec.finalizers[\(index)]", ofKubernetes: true)
        }
        guard errors.isEmpty else {
            throw .invalid(APIStatus.Details(name: name, kind: "Namespace"), subject: "Namespace", errors)
        }
    }
}
