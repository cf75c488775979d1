package import ClusterAPI
package import NetworkTypes

/// Something that only one Service of a cluster may have.
package enum ServiceClaim: Hashable, Sendable {
    case address(IPAddress)
    /// A port of every node, whatever the protocol.
    case nodePort(UInt16)
    /// A port of an address from outside, and its protocol.
    case outsidePort(IPAddress, Int64, String)

    /// What an object of the resource (by qualified plural) has, each once.
    package static func all(of document: JSONValue, resource: String) -> Set<ServiceClaim> {
        guard resource == "services" else { return [] }
        let service = ServiceParts(document)
        let addresses = service.clusterIPs.compactMap { IPAddress($0) }.map(ServiceClaim.address)
        let numbers = service.ports.map(\.nodePort) + [service.healthPort]
        let ports = numbers.compactMap { $0.flatMap(UInt16.init(exactly:)) }.map(ServiceClaim.nodePort)
        return Set(addresses + ports + outsidePorts(of: service))
    }

    private static func outsidePorts(of service: ServiceParts) -> [ServiceClaim] {
        guard service.needsAddress else { return [] }
        return (service.externalIPs + service.balancerIPs).compactMap { IPAddress($0) }.flatMap { address in
            service.ports.map { .outsidePort(address, $0.number, $0.transport) }
        }
    }
}
