package import ClusterAPI
import ServiceModel

extension NodeModel {
    package mutating func upsert(_ service: Service) { services.upsert(service) }
    package mutating func removeService(_ key: ObjectKey) { services.removeService(key) }
    package mutating func upsert(_ slice: EndpointSlice) { services.upsert(slice) }
    package mutating func removeEndpointSlice(_ key: ObjectKey) { services.removeEndpointSlice(key) }
}
