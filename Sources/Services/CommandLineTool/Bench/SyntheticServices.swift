import ClusterAPI
import NetworkTypes

/// Services with endpoints, as many as wanted: what the benchmarks put around the one that they measure.
///
/// Services are of `172.30.0.0/16` from 172.30.64.0 on, their endpoints of `10.128.0.0/14`.
struct SyntheticServices {
    static let namespace = "services"
    let endpoints: Int

    static func name(_ number: Int) -> String { "service-\(number)" }

    /// - Precondition: `number` is below 16,384.
    static func address(_ number: Int) -> IPAddress { IPAddress(v4: 0xAC1E_4000 + UInt32(number)) }

    func service(_ number: Int) -> Service {
        Service(
            metadata: ObjectMeta(name: Self.name(number), namespace: Self.namespace),
            spec: ServiceSpec(
                clusterIPs: [Self.address(number).description],
                ports: [ServicePort(name: "web", port: 80, targetPort: .int(8080))]))
    }

    /// `version` moves the first endpoint to another address.
    func slice(_ number: Int, version: Int = 0) -> EndpointSlice {
        let first = 0x0A80_0200 + UInt32(number * endpoints)
        let addresses = (0..<UInt32(endpoints)).map { index in
            IPAddress(v4: index == 0 && version % 2 == 1 ? 0x0A83_0000 + UInt32(number) : first + index)
        }
        return Self.slice(of: Self.name(number), addresses, [SlicePort(name: "web", port: 8080)])
    }

    /// The one slice of a service.
    static func slice(of service: String, _ addresses: [IPAddress], _ ports: [SlicePort]) -> EndpointSlice {
        EndpointSlice(
            metadata: ObjectMeta(
                name: "\(service)-a", namespace: namespace, labels: [EndpointSlice.serviceLabel: service]),
            addressType: "IPv4", endpoints: addresses.map { SliceEndpoint(addresses: [$0.description]) }, ports: ports)
    }
}
