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
