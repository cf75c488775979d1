import ClusterAPI

extension CellContent {
    /// How many endpoints or ports a cell names before it says `+ N more...`.
    private static let shown = 3

    func serviceText(of cell: TableCell) -> String {
        switch cell {
        case .servicePorts: servicePorts
        case .serviceExternalAddress: serviceExternalAddress
        case .endpoints: endpoints
        case .slicePorts: slicePorts
        default: sliceEndpoints
        }
    }

    private var servicePorts: String {
        let ports = (object["spec"]?["ports"]?.array ?? []).map { port in
            let number = port["port"].map(Self.text) ?? ""
            let node = port["nodePort"]?.int.map { ":\($0)" } ?? ""
            return "\(number)\(node)/\(port["protocol"]?.string ?? "TCP")"
        }
        return ports.isEmpty ? "<none>" : ports.joined(separator: ",")
    }

    private var serviceExternalAddress: String {
        let external = (object["spec"]?["externalIPs"]?.array ?? []).compactMap(\.string)
        switch first(".spec.type") {
        case "ExternalName": return first(".spec.externalName") ?? "<none>"
        case "LoadBalancer":
            let ingress = (object["status"]?["loadBalancer"]?["ingress"]?.array ?? [])
                .compactMap { $0["ip"]?.string ?? $0["hostname"]?.string }
            let all = ingress + external
            return all.isEmpty ? "<pending>" : all.joined(separator: ",")
        default: return external.isEmpty ? "<none>" : external.joined(separator: ",")
        }
    }

    private var endpoints: String {
        var list: [String] = []
        for subset in object["subsets"]?.array ?? [] {
            let addresses = (subset["addresses"]?.array ?? []).compactMap { $0["ip"]?.string }
            let ports = subset["ports"]?.array ?? []
            if ports.isEmpty { list += addresses }
            for port in ports {
                let number = port["port"].map(Self.text) ?? ""
                list += addresses.map { $0.contains(":") ? "[\($0)]:\(number)" : "\($0):\(number)" }
            }
        }
        return Self.shortened(list, or: "<none>")
    }

    private var slicePorts: String {
        let ports = (object["ports"]?.array ?? []).map { $0["port"].map(Self.text) ?? "*" }
        return Self.shortened(ports, or: "<unset>")
    }

    private var sliceEndpoints: String {
        let addresses = (object["endpoints"]?.array ?? []).flatMap { $0["addresses"]?.array ?? [] }.compactMap(\.string)
        return Self.shortened(addresses, or: "<unset>")
    }

    private static func shortened(_ list: [String], or empty: String) -> String {
        if list.isEmpty { return empty }
        let more = list.count - shown
        return list.prefix(shown).joined(separator: ",") + (more > 0 ? " + \(more) more..." : "")
    }
}
