package import ClusterAPI
package import NodeModel

/// An object of a watched kind, and where it goes in the model.
package protocol WatchedObject: APIObject {
    static var kind: WatchedKind { get }
    func enter(_ model: inout NodeModel)
    static func leave(_ key: ObjectKey, _ model: inout NodeModel)
    /// Stands for an object that exists and that nobody could ever read; nil if it is enough to be without it.
    static func substitute(for key: ObjectKey) -> Self?
    /// What is closed besides while it cannot be read, where it has no substitute.
    static func close(_ key: ObjectKey, _ model: inout NodeModel)
}

extension WatchedObject {
    package static func substitute(for key: ObjectKey) -> Self? { nil }
    package static func close(_ key: ObjectKey, _ model: inout NodeModel) {}
}

extension Pod: WatchedObject {
    package static var kind: WatchedKind { .pods }
    package func enter(_ model: inout NodeModel) { model.upsert(self) }
    package static func leave(_ key: ObjectKey, _ model: inout NodeModel) { model.removePod(key) }
}

extension Namespace: WatchedObject {
    package static var kind: WatchedKind { .namespaces }
    package func enter(_ model: inout NodeModel) { model.upsert(self) }
    package static func leave(_ key: ObjectKey, _ model: inout NodeModel) { model.removeNamespace(key.name) }
}

extension Node: WatchedObject {
    package static var kind: WatchedKind { .nodes }
    package func enter(_ model: inout NodeModel) { model.upsert(self) }
    package static func leave(_ key: ObjectKey, _ model: inout NodeModel) { model.removeNode(key.name) }
}

extension HostSubnet: WatchedObject {
    package static var kind: WatchedKind { .hostSubnets }
    package func enter(_ model: inout NodeModel) { model.upsert(self) }
    package static func leave(_ key: ObjectKey, _ model: inout NodeModel) { model.removeHostSubnet(key.name) }
}

extension ClusterNetwork: WatchedObject {
    package static var kind: WatchedKind { .clusterNetworks }
    package func enter(_ model: inout NodeModel) { model.upsert(self) }
    package static func leave(_ key: ObjectKey, _ model: inout NodeModel) { model.removeClusterNetwork(key.name) }

    /// Its mode may be any, so it counts as none that is known: what any mode closes is closed.
    package static func substitute(for key: ObjectKey) -> ClusterNetwork? {
        ClusterNetwork(name: key.name, clusterNetworks: [], pluginName: "unreadable")
    }
}

/// Without a substitute: a project without an id is closed to all others. Which source addresses it asks for is not known, so
/// nothing of it leaves the cluster.
extension NetNamespace: WatchedObject {
    package static var kind: WatchedKind { .netNamespaces }
    package func enter(_ model: inout NodeModel) { model.upsert(self) }
    package static func leave(_ key: ObjectKey, _ model: inout NodeModel) { model.removeNetNamespace(key.name) }
    package static func close(_ key: ObjectKey, _ model: inout NodeModel) {
        model.closeEgress(ofNamespace: key.name)
    }
}
