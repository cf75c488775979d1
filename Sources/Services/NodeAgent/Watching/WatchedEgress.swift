package import ClusterAPI
package import NodeModel

extension EgressIP: WatchedObject {
    package static var kind: WatchedKind { .egressIPs }
    package func enter(_ model: inout NodeModel) { model.upsert(self) }
    package static func leave(_ key: ObjectKey, _ model: inout NodeModel) { model.removeEgressIP(key.name) }

    /// It may select any pod, and with which addresses is unknown: what nobody else selects does not leave the cluster.
    package static func substitute(for key: ObjectKey) -> EgressIP? { EgressIP(name: key.name, spec: nil) }
}

/// Without a substitute: a node that says nothing holds nothing.
extension EgressNode: WatchedObject {
    package static var kind: WatchedKind { .egressNodes }
    package func enter(_ model: inout NodeModel) { model.upsert(self) }
    package static func leave(_ key: ObjectKey, _ model: inout NodeModel) { model.removeEgressNode(key.name) }
}
