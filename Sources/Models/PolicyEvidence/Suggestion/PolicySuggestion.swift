package import ClusterAPI
package import FlowModel
package import PolicyEngine

/// The least NetworkPolicies for a namespace that let pass what was seen to be allowed there.
///
/// Nothing that a policy was seen to deny passes under them: where the same was allowed and denied, the denial holds.
package struct PolicySuggestion: Sendable {
    package let namespace: String
    /// By workload: those that have pods, and those that were seen.
    package internal(set) var policies: [SuggestedPolicy] = []
    /// Allowed flows of the namespace that were looked at.
    package internal(set) var flows = 0
    /// From the first to the last thing seen; microseconds since 1970.
    package internal(set) var span: ClosedRange<Int64>?
    package internal(set) var observers: Set<String> = []
    /// What has no rule, because the same was denied as well, with the allowed flows of it.
    package internal(set) var withheld: [Grant: Int] = [:]
    /// Rules that would have let denied flows pass, and were taken out whole.
    package internal(set) var removed: [Removal] = []
    /// Allowed flows that no rule of a NetworkPolicy can be made of, by the reason.
    package internal(set) var inexpressible: [String: Int] = [:]
    /// Allowed flows that need no rule: a pod and its own node, a pod and itself.
    package internal(set) var promised = 0

    package struct Removal: Hashable, Sendable {
        package let policy: String
        package let direction: Direction
        package let rule: SuggestedRule
        /// A denied flow that it would have let pass.
        package let denied: String
    }

    /// The cluster that policies are to be in.
    package struct Scene: Sendable {
        package var pods: [Pod]
        package var namespaces: [Namespace]
        package var nodes: [Node]

        package init(pods: [Pod] = [], namespaces: [Namespace] = [], nodes: [Node] = []) {
            self.pods = pods
            self.namespaces = namespaces
            self.nodes = nodes
        }
    }

    /// - Parameters:
    ///   - records: Flows of any verdict, from all nodes that saw some.
    ///   - scene: The pods, namespaces and nodes now; pods that are no more stand in it as they were seen.
    package init(namespace: String, from records: [FlowRecord], in scene: Scene) {
        self.namespace = namespace
        let stage = SuggestionStage(records, scene)
        var draft = SuggestionDraft(namespace: namespace, stage: stage)
        for record in stage.records { draft.add(record) }
        draft.finish(&self)
    }
}
