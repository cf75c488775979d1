import ClusterAPI
import ServiceModel

/// A model with the API that it plans for: carries plans out, names what is new, counts writes.
struct SliceCluster {
    var model = SliceModel()
    private(set) var slices: [ObjectKey: EndpointSlice] = [:]
    private(set) var endpoints: [ObjectKey: Endpoints] = [:]
    /// Of slices.
    private(set) var writes = 0
    private var revision = 0

    init() {}

    static func meta(_ name: String, labels: [String: String] = [:]) -> ObjectMeta {
        var metadata = ObjectMeta(name: name, namespace: "shop", labels: labels)
        metadata.uid = "uid-\(name)"
        return metadata
    }

    static func service(
        _ name: String, selector: [String: String]? = ["app": "web"],
        ports: [ServicePort] = [ServicePort(port: 80, targetPort: .int(8080))],
        _ change: (inout Service) -> Void = { _ in }
    ) -> Service {
        var service = Service(
            metadata: meta(name), spec: ServiceSpec(clusterIPs: ["172.30.0.9"], ports: ports, selector: selector))
        service.spec?.ipFamilies = ["IPv4"]
        change(&service)
        return service
    }

    static func pod(
        _ name: String, _ addresses: [String], labels: [String: String] = ["app": "web"], node: String = "one",
        _ change: (inout Pod) -> Void = { _ in }
    ) -> Pod {
        var pod = Pod(
            metadata: meta(name, labels: labels), spec: PodSpec(nodeName: node),
            status: PodStatus(phase: "Running", podIPs: addresses))
        change(&pod)
        return pod
    }

    static func node(_ name: String, zone: String?, _ addresses: [String] = []) -> Node {
        Node(
            metadata: ObjectMeta(name: name, labels: zone.map { ["topology.kubernetes.io/zone": $0] }),
            status: NodeStatus(addresses: addresses.map { NodeAddress(type: "InternalIP", address: $0) }))
    }

    /// Plans and carries out until nothing is left to do.
    mutating func settle() {
        while !model.isSettled {
            for actions in model.plan().values {
                for action in actions { apply(action) }
            }
        }
    }

    private mutating func apply(_ action: SliceAction) {
        revision += 1
        switch action {
        case .create, .update, .delete: writes += 1
        case .createEndpoints, .updateEndpoints, .deleteEndpoints: break
        }
        switch action {
        case .create(var slice):
            slice.metadata.name = (slice.metadata.generateName ?? "") + String(revision)
            slice.metadata.uid = "slice-\(revision)"
            put(slice)
        case .update(let slice): put(slice)
        case .delete(let slice):
            slices[slice.key] = nil
            model.removeEndpointSlice(slice.key)
        case .createEndpoints(let object), .updateEndpoints(let object): write(object)
        case .deleteEndpoints(let object):
            endpoints[object.key] = nil
            model.removeEndpoints(object.key)
        }
    }

    /// As the server stores it, whoever wrote.
    mutating func write(_ object: Endpoints) {
        var stored = object
        stored.metadata.uid = endpoints[object.key]?.metadata.uid ?? "endpoints-\(revision)"
        stored.metadata.resourceVersion = String(revision)
        endpoints[stored.key] = stored
        model.upsert(stored)
    }

    private mutating func put(_ slice: EndpointSlice) {
        var stored = slice
        stored.metadata.resourceVersion = String(revision)
        slices[stored.key] = stored
        model.upsert(stored)
    }

    /// The collector of the server takes a service's slices.
    mutating func forget(_ service: String) {
        for slice in slices(of: service) {
            slices[slice.key] = nil
            model.removeEndpointSlice(slice.key)
        }
    }

    mutating func resetWrites() { writes = 0 }

    /// The slices of a service, by name.
    func slices(of service: String) -> [EndpointSlice] {
        slices.values.filter { $0.service?.name == service }.sorted { $0.key < $1.key }
    }

    /// All that the slices of a service say together: `address:port,port flags`.
    func endpoints(of service: String) -> [String] {
        slices(of: service).flatMap { slice in
            slice.endpoints.map { endpoint in
                let ports = (slice.ports ?? []).map { "\($0.port ?? 0)" }.joined(separator: ",")
                let flags =
                    (endpoint.isReady ? "r" : "-") + (endpoint.isServing ? "s" : "-")
                    + (endpoint.isTerminating ? "t" : "-")
                return "\(endpoint.addresses.joined()):\(ports) \(flags)"
            }
        }.sorted()
    }
}
