import ClusterAPI

extension CellContent {
    func ingressText(of cell: TableCell) -> String {
        switch cell {
        case .ingressHosts: return ingressHosts
        case .ingressAddresses:
            return (object["status"]?["loadBalancer"]?["ingress"]?.array ?? [])
                .compactMap { $0["ip"]?.string ?? $0["hostname"]?.string }.joined(separator: ",")
        case .ingressPorts: return (object["spec"]?["tls"]?.array ?? []).isEmpty ? "80" : "80, 443"
        default: return ingressClassParameters
        }
    }

    private var ingressHosts: String {
        let hosts = (object["spec"]?["rules"]?.array ?? []).compactMap { $0["host"]?.string }.filter { !$0.isEmpty }
        if hosts.isEmpty { return "*" }
        let more = hosts.count - 3
        return hosts.prefix(3).joined(separator: ",") + (more > 0 ? " + \(more) more..." : "")
    }

    private var ingressClassParameters: String {
        guard let parameters = object["spec"]?["parameters"], let kind = parameters["kind"]?.string else {
            return "<none>"
        }
        let group = parameters["apiGroup"]?.string.map { ".\($0)" } ?? ""
        return "\(kind)\(group)/\(parameters["name"]?.string ?? "")"
    }
}
