import ClusterAPI
import NetworkTypes
import ServiceModel

/// The names of one service, and whom its addresses belong to, as Kubernetes' DNS specification (1.1.0) has them.
struct ServiceNames {
    let name: DomainName
    /// By every name that exists for it, those included that only have others below them.
    private(set) var records: [DomainName: NameRecords] = [:]
    private(set) var owners: [IPAddress: DomainName] = [:]

    /// Nil for a service whose name would be too long to ask for.
    init?(_ service: Service, _ slices: [EndpointSlice], in domain: DomainName) {
        guard let name = domain.prepending(service.key.name) else { return nil }
        self.name = name
        records[name] = NameRecords()
        guard let spec = service.spec else { return }
        if service.isExternalName {
            records[name]?.alias = spec.externalName.flatMap { DomainName($0) }
        } else if service.isHeadless {
            for slice in slices { read(slice, withAll: spec.publishNotReadyAddresses ?? false) }
        } else {
            for address in service.clusterAddressTexts.compactMap({ IPAddress($0) }) {
                records[name]?.addresses.insert(address)
                owners[address] = name
            }
            for port in spec.ports ?? [] { locate(port.name, port.protocol, port.port, at: name) }
        }
    }

    private mutating func read(_ slice: EndpointSlice, withAll isUnconditional: Bool) {
        for endpoint in slice.endpoints where isUnconditional || endpoint.isReady {
            guard let address = slice.address(of: endpoint),
                let own = name.prepending(Self.label(of: endpoint, address))
            else { continue }
            records[name]?.addresses.insert(address)
            records[own, default: NameRecords()].addresses.insert(address)
            owners[address] = owners[address] ?? own
            for port in slice.ports ?? [] { locate(port.name, port.protocol, port.port, at: own) }
        }
    }

    /// Its hostname, or its address with dashes, which is as unique.
    private static func label(of endpoint: SliceEndpoint, _ address: IPAddress) -> String {
        if let hostname = endpoint.hostname, !hostname.isEmpty { return hostname }
        return String(address.description.map { $0 == "." || $0 == ":" ? "-" : $0 })
    }

    /// Ports without a name have no SRV record.
    private mutating func locate(_ port: String?, _ transport: String?, _ number: Int?, at target: DomainName) {
        guard let port, !port.isEmpty, let number = number.flatMap(UInt16.init(exactly:)), number > 0,
            let transport = TransportProtocol(parsing: transport ?? "TCP"), transport.hasPorts,
            let group = name.prepending("_" + transport.rawValue.lowercased()), let own = group.prepending("_" + port)
        else { return }
        records[group] = records[group] ?? NameRecords()
        records[own, default: NameRecords()].services.insert(ServiceLocation(target: target, port: number))
    }
}
