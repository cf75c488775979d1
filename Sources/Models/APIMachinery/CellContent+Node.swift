import ClusterAPI

extension CellContent {
    func nodeText(of cell: TableCell) -> String {
        switch cell {
        case .nodeStatus: return nodeStatus
        case .nodeAddress(let type):
            let addresses = object["status"]?["addresses"]?.array ?? []
            return addresses.first { $0["type"]?.string == type }?["address"]?.string ?? "<none>"
        default: return nodeRoles
        }
    }

    private var nodeStatus: String {
        let ready = (object["status"]?["conditions"]?.array ?? []).first { $0["type"]?.string == "Ready" }
        var words = [
            ready == nil ? "Unknown" : ready?["status"]?.string == "True" ? "Ready" : "NotReady"
        ]
        if object["spec"]?["unschedulable"]?.bool == true { words.append("SchedulingDisabled") }
        return words.joined(separator: ",")
    }

    private var nodeRoles: String {
        let prefix = "node-role.kubernetes.io/"
        var roles: Set<String> = []
        for (key, value) in object["metadata"]?["labels"]?.object ?? [:] {
            if key.hasPrefix(prefix), key.count > prefix.count {
                roles.insert(String(key.dropFirst(prefix.count)))
            } else if key == "kubernetes.io/role", let role = value.string, !role.isEmpty {
                roles.insert(role)
            }
        }
        return roles.isEmpty ? "<none>" : roles.sorted().joined(separator: ",")
    }
}
