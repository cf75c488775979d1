import ClusterAPI
import KubernetesClient
import PolicyEngine

/// The kinds that decide what staged policies come to: those that stage, and those that can be staged.
protocol StagingObject: APIObject {
    static var policyKind: PolicyKind { get }
    func enter(_ knowledge: inout StagedKnowledge)
    static func leave(_ key: ObjectKey, _ knowledge: inout StagedKnowledge)
    static func enter(unreadable object: UnreadableObject, _ knowledge: inout StagedKnowledge)
}

/// Kinds that stage.
protocol TriedObject: StagingObject {
    var staged: StagedObject { get }
    var status: StagedPolicyStatus? { get }
}

extension TriedObject {
    func enter(_ knowledge: inout StagedKnowledge) {
        knowledge.upsert(staged, generation: metadata.generation, status: status)
    }

    static func leave(_ key: ObjectKey, _ knowledge: inout StagedKnowledge) {
        knowledge.removeStaged(PolicyReference(policyKind, key))
    }

    static func enter(unreadable object: UnreadableObject, _ knowledge: inout StagedKnowledge) {
        knowledge.upsert(unreadable: PolicyReference(policyKind, object.key), object.reason)
    }
}

extension StagedPolicy: TriedObject {
    static var policyKind: PolicyKind { .stagedPolicy }
    var staged: StagedObject { .namespaced(self) }
}

extension ClusterStagedPolicy: TriedObject {
    static var policyKind: PolicyKind { .clusterStagedPolicy }
    var staged: StagedObject { .cluster(self) }
}

/// Kinds that are enforced.
protocol EnforcedObject: StagingObject {
    func enter(_ engine: inout PolicyEngine)
    static func leave(_ key: ObjectKey, _ engine: inout PolicyEngine)
}

extension EnforcedObject {
    func enter(_ knowledge: inout StagedKnowledge) {
        knowledge.hear(about: PolicyReference(Self.policyKind, key)) { enter(&$0) }
    }

    static func leave(_ key: ObjectKey, _ knowledge: inout StagedKnowledge) {
        knowledge.hear(about: PolicyReference(policyKind, key)) { leave(key, &$0) }
    }

    /// Its own status, and the agents, tell of it; here it counts as one that is not there.
    static func enter(unreadable object: UnreadableObject, _ knowledge: inout StagedKnowledge) {
        leave(object.key, &knowledge)
    }
}

extension NetworkPolicy: EnforcedObject {
    static var policyKind: PolicyKind { .networkPolicy }
    func enter(_ engine: inout PolicyEngine) { engine.upsert(self) }
    static func leave(_ key: ObjectKey, _ engine: inout PolicyEngine) { engine.removeNetworkPolicy(key) }
}

extension AdminNetworkPolicy: EnforcedObject {
    static var policyKind: PolicyKind { .adminNetworkPolicy }
    func enter(_ engine: inout PolicyEngine) { engine.upsert(self) }
    static func leave(_ key: ObjectKey, _ engine: inout PolicyEngine) {
        engine.removeAdminNetworkPolicy(key.name)
    }
}

extension BaselineAdminNetworkPolicy: EnforcedObject {
    static var policyKind: PolicyKind { .baselineAdminNetworkPolicy }
    func enter(_ engine: inout PolicyEngine) { engine.upsert(self) }
    static func leave(_ key: ObjectKey, _ engine: inout PolicyEngine) {
        engine.removeBaselineAdminNetworkPolicy(key.name)
    }
}

extension ClusterNetworkPolicy: EnforcedObject {
    static var policyKind: PolicyKind { .clusterNetworkPolicy }
    func enter(_ engine: inout PolicyEngine) { engine.upsert(self) }
    static func leave(_ key: ObjectKey, _ engine: inout PolicyEngine) {
        engine.removeClusterNetworkPolicy(key.name)
    }
}

extension EgressFirewall: EnforcedObject {
    static var policyKind: PolicyKind { .egressFirewall }
    func enter(_ engine: inout PolicyEngine) { engine.upsert(self) }
    static func leave(_ key: ObjectKey, _ engine: inout PolicyEngine) { engine.removeEgressFirewall(key) }
}

extension EgressNetworkPolicy: EnforcedObject {
    static var policyKind: PolicyKind { .egressNetworkPolicy }
    func enter(_ engine: inout PolicyEngine) { engine.upsert(self) }
    static func leave(_ key: ObjectKey, _ engine: inout PolicyEngine) { engine.removeEgressNetworkPolicy(key) }
}

extension Zone: EnforcedObject {
    static var policyKind: PolicyKind { .zone }
    func enter(_ engine: inout PolicyEngine) { engine.upsert(self) }
    static func leave(_ key: ObjectKey, _ engine: inout PolicyEngine) { engine.removeZone(key.name) }
}

extension MetadataAccess: EnforcedObject {
    static var policyKind: PolicyKind { .metadataAccess }
    func enter(_ engine: inout PolicyEngine) { engine.upsert(self) }
    static func leave(_ key: ObjectKey, _ engine: inout PolicyEngine) { engine.removeMetadataAccess(key.name) }
}
