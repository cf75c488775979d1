import NFTables
import NetworkTypes

/// Rules that mean what kube-proxy's iptables mode means, in its form: one rule for each service, one after the other, a chain
/// for each service and one for each endpoint.
///
/// Written for nftables, as iptables-nft writes its rules too.
struct KubeProxyShape {
    static let table: Name = "kube-proxy-shape"
    /// The measured service's address; the others have those from 10.200.0.0 on.
    static let address = IPAddress(v4: 0x0AC8_FF01)

    /// How many services there are, of which the measured one stands in the middle.
    let services: Int
    let ports: [UInt16]
    let server: IPAddress

    var table: Table {
        var chains: [Name: Chain] = [:]
        var rules: [Rule] = []
        for number in 0..<services {
            if number == services / 2 {
                for port in ports { rules.append(lead(Self.address, port, to: server, port, &chains)) }
            } else {
                let address = IPAddress(v4: 0x0AC8_0000 + UInt32(number))
                let endpoint = IPAddress(v4: 0x0A80_0200 + UInt32(number))
                rules.append(lead(address, 80, to: endpoint, 8080, &chains))
            }
        }
        chains["services"] = Chain(rules: rules)
        chains["prerouting"] = Chain(
            .init(.nat, .prerouting, priority: -100), rules: [Rule(id: "services", .verdict(.jump("services")))])
        return Table(.ip, Self.table, chains: chains)
    }

    /// The rule of a frontend, and the chains that it leads to.
    private func lead(
        _ address: IPAddress, _ port: UInt16, to endpoint: IPAddress, _ target: UInt16, _ chains: inout [Name: Chain]
    ) -> Rule {
        let id = "\(address)-\(port)"
        let service = Name("svc-\(id)")
        let separate = Name("sep-\(id)")
        chains[separate] = Chain(rules: [
            Rule(
                id: "to \(endpoint)", .match(.layer4Protocol, .value(.transport(.tcp, .v4))),
                .destinationNAT(.address(endpoint, ports: PortRange(target))))
        ])
        chains[service] = Chain(rules: [Rule(id: "one of one", .verdict(.jump(separate)))])
        return Rule(
            id: id, .match(.destinationAddress(.v4), .value(.address(address))),
            .match(.layer4Protocol, .value(.transport(.tcp, .v4))), .match(.destinationPort, .value(.port(port))),
            .verdict(.jump(service)))
    }
}
