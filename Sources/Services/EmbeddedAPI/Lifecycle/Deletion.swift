import APIMachinery
import ClusterAPI

/// What deleting an object means for what is stored: it goes at once, or waits for its finalizers.
enum Deletion {
    /// Namespaces without which nothing works.
    private static let lasting: Set<String> = ["default", "kube-system"]

    /// The change that begins (or ends) an object's deletion; empty when it waits already.
    static func mutations(
        of object: StoredObject, _ options: DeleteOptions, at now: APITime
    ) throws -> [StoreMutation] {
        let key = object.key
        var document = try object.document
        var finalizers = (document["metadata"]?["finalizers"]?.array ?? []).compactMap(\.string)
        if let propagation = options.propagation {
            finalizers.removeAll { $0 == "foregroundDeletion" || $0 == "orphan" }
            if let finalizer = propagation.finalizer { finalizers.append(finalizer) }
        }
        if document["metadata"]?["deletionTimestamp"]?.string == nil {
            if key.resource == ResourceRegistry.definitions {
                finalizers.append(CustomResourceStatus.cleanup)
                document = CustomResourceStatus.terminating(document, at: .string(now.text))
            }
            document["metadata"]?["deletionTimestamp"] = .string(now.text)
            document["metadata"]?["deletionGracePeriodSeconds"] = 0
        }
        document["metadata"]?["finalizers"] = finalizers.isEmpty ? nil : .array(finalizers.map(JSONValue.string))
        if key.resource == ResourceVerbs.namespaces { document = NamespaceLifecycle.terminating(document) }
        if ResourceVerbs.isFinished(document, key) { return [.delete(key)] }
        return document == (try object.document) ? [] : [.put(key, document)]
    }

    /// 403 for the namespaces that stay.
    static func check(_ key: StoreKey, _ resource: ResourceDescriptor) throws(APIStatus) {
        guard key.resource == ResourceVerbs.namespaces, lasting.contains(key.name) else { return }
        throw .forbidden(resource, name: key.name, why: "this namespace may not be deleted")
    }
}
