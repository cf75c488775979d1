package import ClusterAPI
package import NetworkTypes

/// Something that only one Service of a cluster may have.
package enum ServiceClaim: Hashable, Sendable {
    case address(IPAddress)
    /// A port of every node, whatever the protocol.
    case nodePort(UInt16)

    /// What an object of the resource (by qualified plural) has, each once.
    package static func all(of document: JSONValue, resource: String) -> Set<ServiceClaim> {
        guard resource == "services" else { return [] }
        let service = ServiceParts(document)
        let addresses = service.clusterIPs.compactMap { IPAddress($0) }.map(ServiceClaim.address)
        let numbers = service.ports.map(\.nodePort) + [service.healthPort]
        return Set(addresses + numbers.compactMap { $0.flatMap(UInt16.init(exactly:)) }.map(ServiceClaim.nodePort))
    }
}
