/// gabion.io/v1 StagedPolicy: a NetworkPolicy of its namespace that is tried without being enforced.
package struct StagedPolicy: APIObject {
    package static let resource = ResourceType(
        group: "gabion.io", version: "v1", kind: "StagedPolicy", plural: "stagedpolicies", isNamespaced: true)

    package var metadata: ObjectMeta
    package var spec: StagedPolicySpec
    package var status: StagedPolicyStatus?

    package init(name: String, namespace: String, spec: StagedPolicySpec) {
        metadata = ObjectMeta(name: name, namespace: namespace)
        self.spec = spec
    }
}

/// gabion.io/v1 ClusterStagedPolicy: the same for a policy of the whole cluster.
package struct ClusterStagedPolicy: APIObject {
    package static let resource = ResourceType(
        group: "gabion.io", version: "v1", kind: "ClusterStagedPolicy", plural: "clusterstagedpolicies",
        isNamespaced: false)

    package var metadata: ObjectMeta
    package var spec: StagedPolicySpec
    package var status: StagedPolicyStatus?

    package init(name: String, spec: StagedPolicySpec) {
        metadata = ObjectMeta(name: name)
        self.spec = spec
    }
}

/// What the controller found.
package struct StagedPolicyStatus: Codable, Hashable, Sendable {
    package var conditions: [ObjectCondition]?

    package init(conditions: [ObjectCondition]? = nil) { self.conditions = conditions }
}

package struct StagedPolicySpec: Hashable, Sendable {
    /// What is tried.
    package enum Action: String, Hashable, Sendable, Codable, CaseIterable {
        /// The policy is there: a new one, or in the place of the enforced one with its name.
        case set = "Set"
        /// The enforced one with its name is not there.
        case delete = "Delete"
    }

    package var action: Action
    package var policy: WrappedPolicy

    package init(action: Action = .set, policy: WrappedPolicy) {
        self.action = action
        self.policy = policy
    }
}

extension StagedPolicySpec: Codable {
    private enum CodingKeys: CodingKey {
        case action, policy
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        action = try container.decodeIfPresent(Action.self, forKey: .action) ?? .set
        // Of a policy that is thought away only kind and name count, however it is written.
        policy =
            action == .set
            ? try container.decode(WrappedPolicy.self, forKey: .policy)
            : try container.decode(WrappedPolicy.Named.self, forKey: .policy).policy
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(action, forKey: .action)
        try container.encode(policy, forKey: .policy)
    }
}
