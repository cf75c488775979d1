import ClusterAPI

/// Services and slices in one line each.
enum Objects {
    static func service(
        _ name: String, in namespace: String = "shop", at addresses: [String], ports: [ServicePort] = [],
        _ change: (inout ServiceSpec) -> Void = { _ in }
    ) -> Service {
        var spec = ServiceSpec(clusterIPs: addresses, ports: ports)
        change(&spec)
        return Service(metadata: ObjectMeta(name: name, namespace: namespace), spec: spec)
    }

    static func headless(_ name: String, in namespace: String = "shop", unready: Bool? = nil) -> Service {
        service(name, in: namespace, at: ["None"]) { $0.publishNotReadyAddresses = unready }
    }

    static func external(_ name: String, in namespace: String = "shop", _ target: String?) -> Service {
        service(name, in: namespace, at: []) { spec in
            spec.type = "ExternalName"
            spec.externalName = target
        }
    }

    static func slice(
        _ name: String, of service: String, in namespace: String = "shop", type: String = "IPv4",
        ports: [SlicePort] = [], _ endpoints: [SliceEndpoint]
    ) -> EndpointSlice {
        EndpointSlice(
            metadata: ObjectMeta(name: name, namespace: namespace, labels: [EndpointSlice.serviceLabel: service]),
            addressType: type, endpoints: endpoints, ports: ports)
    }

    static func endpoint(_ address: String, _ hostname: String? = nil, ready: Bool? = nil) -> SliceEndpoint {
        var endpoint = SliceEndpoint(addresses: [address], conditions: EndpointConditions(ready: ready))
        endpoint.hostname = hostname
        return endpoint
    }

    static func pod(
        _ name: String, in namespace: String = "shop", at addresses: [String], phase: String = "Running"
    ) -> Pod {
        Pod(
            metadata: ObjectMeta(name: name, namespace: namespace),
            status: PodStatus(phase: phase, podIPs: addresses))
    }
}
