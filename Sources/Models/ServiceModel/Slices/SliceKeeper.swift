import ClusterAPI

/// Who writes a slice, and what all its slices carry.
///
/// The names are our own: slices of Kubernetes' controllers, and of people, are nobody's business here.
package struct SliceKeeper: Hashable, Sendable {
    package static let selecting = "endpointslice-controller.gabion.io"
    package static let mirroring = "endpointslicemirroring-controller.gabion.io"

    /// The value of `endpointslice.kubernetes.io/managed-by`.
    let name: String
    private let service: ObjectKey
    private let labels: [String: String]
    private let owner: OwnerReference

    /// Of slices that go with a service.
    init(selectingFor service: Service) {
        var labels = service.metadata.labels ?? [:]
        labels[EndpointSlice.headlessLabel] = service.isHeadless ? "" : nil
        self.init(Self.selecting, service.key, labels, Self.reference(to: service))
    }

    /// Of slices that go with an Endpoints object.
    init(mirroring endpoints: Endpoints) {
        self.init(Self.mirroring, endpoints.key, endpoints.metadata.labels ?? [:], Self.reference(to: endpoints))
    }

    private init(_ name: String, _ service: ObjectKey, _ labels: [String: String], _ owner: OwnerReference) {
        self.name = name
        self.service = service
        self.owner = owner
        var labels = labels
        labels[EndpointSlice.serviceLabel] = service.name
        labels[EndpointSlice.keeperLabel] = name
        self.labels = labels
    }

    private static func reference<Object: APIObject>(to object: Object) -> OwnerReference {
        var reference = OwnerReference(
            apiVersion: Object.resource.apiVersion, kind: Object.resource.kind, name: object.key.name,
            uid: object.metadata.uid ?? "")
        reference.controller = true
        reference.blockOwnerDeletion = true
        return reference
    }

    /// False for a slice of an owner that is gone: it goes too, and its name will not last.
    func owns(_ slice: EndpointSlice) -> Bool {
        guard slice.metadata.deletionTimestamp == nil else { return false }
        let owners = slice.metadata.ownerReferences ?? []
        return owners.isEmpty || owners.contains { $0.uid == owner.uid }
    }

    /// A slice with this content: `slice` changed, or (nil) a new one that the server will name.
    func slice(_ slice: EndpointSlice?, _ shape: SliceShape, _ endpoints: [SliceEndpoint]) -> EndpointSlice {
        var metadata = slice?.metadata ?? ObjectMeta(namespace: service.namespace)
        if slice == nil { metadata.generateName = "\(service.name)-" }
        metadata.labels = labels
        metadata.ownerReferences = [owner]
        return EndpointSlice(
            metadata: metadata, addressType: shape.addressType, endpoints: endpoints, ports: shape.ports)
    }

    /// Whether a slice carries what it has to.
    func marks(_ slice: EndpointSlice) -> Bool {
        slice.metadata.labels == labels && slice.metadata.ownerReferences == [owner]
    }
}
