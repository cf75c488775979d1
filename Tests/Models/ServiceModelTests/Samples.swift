import ClusterAPI
import NetworkTypes
import ServiceModel

/// Services and slices in one line each.
enum Samples {
    static func service(
        _ name: String, at addresses: [String], ports: [ServicePort] = [ServicePort(port: 80)],
        _ change: (inout ServiceSpec) -> Void = { _ in }
    ) -> Service {
        var spec = ServiceSpec(clusterIPs: addresses, ports: ports)
        change(&spec)
        return Service(metadata: ObjectMeta(name: name, namespace: "shop"), spec: spec)
    }

    static func slice(
        _ name: String, of service: String, type: String = "IPv4", ports: [SlicePort] = [SlicePort(port: 8080)],
        _ endpoints: [SliceEndpoint]
    ) -> EndpointSlice {
        EndpointSlice(
            metadata: ObjectMeta(
                name: name, namespace: "shop", labels: [EndpointSlice.serviceLabel: service]),
            addressType: type, endpoints: endpoints, ports: ports)
    }

    static func endpoint(
        _ address: String, on node: String = "one", ready: Bool? = nil, serving: Bool? = nil,
        terminating: Bool? = nil, zones: [String]? = nil, nodes: [String]? = nil
    ) -> SliceEndpoint {
        var endpoint = SliceEndpoint(
            addresses: [address],
            conditions: EndpointConditions(ready: ready, serving: serving, terminating: terminating), nodeName: node)
        if zones != nil || nodes != nil { endpoint.hints = EndpointHints(zones: zones, nodes: nodes) }
        return endpoint
    }

    /// The backends at a frontend as one text, or nil if nobody has it.
    static func backends(
        _ model: ServiceModel, _ address: String, _ port: UInt16 = 80, _ transport: TransportProtocol = .tcp
    )
        -> String?
    {
        guard let address = IPAddress(address) else { return nil }
        return model.table[ServiceFrontend(address, transport, port)].map { target in
            target.backends.map(\.description).joined(separator: " ")
        }
    }
}
