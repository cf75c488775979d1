package import ClusterAPI
package import NodeModel

/// Without a substitute: a service that cannot be read has no address here.
extension Service: WatchedObject {
    package static var kind: WatchedKind { .services }
    package func enter(_ model: inout NodeModel) { model.upsert(self) }
    package static func leave(_ key: ObjectKey, _ model: inout NodeModel) { model.removeService(key) }
}

/// Without a substitute: nobody is sent to endpoints that cannot be read.
extension EndpointSlice: WatchedObject {
    package static var kind: WatchedKind { .endpointSlices }
    package func enter(_ model: inout NodeModel) { model.upsert(self) }
    package static func leave(_ key: ObjectKey, _ model: inout NodeModel) { model.removeEndpointSlice(key) }
}

extension ExternalIPPolicy: WatchedObject {
    package static var kind: WatchedKind { .externalIPPolicies }
    package func enter(_ model: inout NodeModel) { model.upsert(self) }
    package static func leave(_ key: ObjectKey, _ model: inout NodeModel) { model.removeExternalIPPolicy(key.name) }

    /// It may reject any address, so services have none from outside: that is what becomes of a range that nobody can read.
    package static func substitute(for key: ObjectKey) -> ExternalIPPolicy? {
        ExternalIPPolicy(name: key.name, spec: ExternalIPPolicySpec(rejectedCIDRs: ["unreadable"]))
    }
}
