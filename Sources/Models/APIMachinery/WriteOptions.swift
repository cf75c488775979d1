import ClusterAPI

/// The parameters of writes (meta/v1), which are judged alike and named in what is said of them.
package enum WriteOptions: String, Hashable, Sendable {
    case create = "CreateOptions"
    case update = "UpdateOptions"
    case patch = "PatchOptions"
    case delete = "DeleteOptions"

    /// Those of a verb.
    package init(verb: String) {
        self =
            switch verb {
            case "create": .create
            case "patch": .patch
            case "delete", "deletecollection": .delete
            default: .update
            }
    }

    /// Whether the write is only tried; 422 for another value than `All`.
    package func isDryRun(_ stated: [String]) throws(APIStatus) -> Bool {
        guard stated.allSatisfy({ $0 == "All" }) else {
            throw invalid([.notSupported("dryRun", .array(stated.map(JSONValue.string)), ["All"])])
        }
        return !stated.isEmpty
    }

    /// 422 for a propagation policy that there is not, or beside what was there before it.
    package func checkPropagation(_ policy: String?, hasOrphanDependents: Bool) throws(APIStatus) {
        guard let policy else { return }
        let field = "propagationPolicy"
        let policies = ["Foreground", "Background", "Orphan", "nil"]
        if !policies.dropLast().contains(policy) { throw invalid([.notSupported(field, .string(policy), policies)]) }
        guard hasOrphanDependents else { return }
        throw invalid([
            .invalid(field, .string(policy), "orphanDependents and deletionPropagation cannot be both set")
        ])
    }

    func invalid(_ errors: [FieldError]) -> APIStatus { .invalidOptions(rawValue, errors) }
}
