package import ClusterAPI
package import NodeModel
import PolicyEngine

/// Without substitutes: what is only tried closes nothing, whatever it says.
extension StagedPolicy: WatchedObject {
    package static var kind: WatchedKind { .stagedPolicies }
    package func enter(_ model: inout NodeModel) { model.upsert(StagedObject.namespaced(self)) }
    package static func leave(_ key: ObjectKey, _ model: inout NodeModel) {
        model.removeStaged(PolicyReference(.stagedPolicy, key))
    }
}

extension ClusterStagedPolicy: WatchedObject {
    package static var kind: WatchedKind { .clusterStagedPolicies }
    package func enter(_ model: inout NodeModel) { model.upsert(StagedObject.cluster(self)) }
    package static func leave(_ key: ObjectKey, _ model: inout NodeModel) {
        model.removeStaged(PolicyReference(.clusterStagedPolicy, key))
    }
}
