import ClusterAPI
import ServiceModel

/// Objects that slices depend on.
protocol SliceSource: APIObject {
    func enter(_ model: inout SliceModel)
    static func leave(_ key: ObjectKey, _ model: inout SliceModel)
}

extension Service: SliceSource {
    func enter(_ model: inout SliceModel) { model.upsert(self) }
    static func leave(_ key: ObjectKey, _ model: inout SliceModel) { model.removeService(key) }
}

extension Pod: SliceSource {
    func enter(_ model: inout SliceModel) { model.upsert(self) }
    static func leave(_ key: ObjectKey, _ model: inout SliceModel) { model.removePod(key) }
}

extension Node: SliceSource {
    func enter(_ model: inout SliceModel) { model.upsert(self) }
    static func leave(_ key: ObjectKey, _ model: inout SliceModel) { model.removeNode(key.name) }
}

extension Endpoints: SliceSource {
    func enter(_ model: inout SliceModel) { model.upsert(self) }
    static func leave(_ key: ObjectKey, _ model: inout SliceModel) { model.removeEndpoints(key) }
}

extension EndpointSlice: SliceSource {
    func enter(_ model: inout SliceModel) { model.upsert(self) }
    static func leave(_ key: ObjectKey, _ model: inout SliceModel) { model.removeEndpointSlice(key) }
}
