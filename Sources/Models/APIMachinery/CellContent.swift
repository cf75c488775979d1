import ClusterAPI

/// Computes the cells of one object (kubernetes `pkg/printers/internalversion/printers.go`).
struct CellContent {
    let object: JSONValue
    let now: APITime

    func value(of cell: TableCell) -> JSONValue {
        switch cell {
        case .count(let paths): .int(Int64(paths.reduce(0) { $0 + count(at: $1) }))
        case .eventCount: .int(max(1, object["count"]?.int ?? object["series"]?["count"]?.int ?? 1))
        case .podRestarts: podRestarts
        default: .string(text(of: cell))
        }
    }

    private func text(of cell: TableCell) -> String {
        switch cell {
        case .podReady, .podStatus, .podAddress, .podReadinessGates: podText(of: cell)
        case .nodeStatus, .nodeRoles, .nodeAddress: nodeText(of: cell)
        case .servicePorts, .serviceExternalAddress, .endpoints, .slicePorts, .sliceEndpoints: serviceText(of: cell)
        case .eventLastSeen, .eventFirstSeen, .eventObject, .eventSource, .eventMessage: eventText(of: cell)
        case .ingressHosts, .ingressAddresses, .ingressPorts, .ingressClassParameters: ingressText(of: cell)
        case .clusterNetworks: clusterNetworkEntries.map(\.cidr).joined(separator: ",")
        case .hostSubnetLengths: clusterNetworkEntries.map(\.length).joined(separator: ",")
        case .creationTime: object["metadata"]?["creationTimestamp"]?.string ?? ""
        case .orNone(let path): first(path) ?? "<none>"
        case .orUnknown(let path): first(path) ?? "<unknown>"
        case .joined(let path, let other): joined(path) ?? joined(other) ?? ""
        case .list(let path): list(path)
        case .labelPairs(let path): labelPairs(value(path)?.object ?? [:])
        case .labelSelector(let path): labelSelector(value(path) ?? [:])
        case .count, .eventCount, .podRestarts: ""
        }
    }

    func value(_ path: String) -> JSONValue? { JSONPath(path)?.values(in: object).first }

    func first(_ path: String) -> String? {
        guard let value = value(path), value != .null else { return nil }
        let text = Self.text(value)
        return text.isEmpty ? nil : text
    }

    private func count(at path: String) -> Int { value(path)?.object?.count ?? value(path)?.array?.count ?? 0 }

    private func joined(_ path: String) -> String? {
        switch value(path) {
        case .array(let elements) where !elements.isEmpty: elements.map(Self.text).joined(separator: ",")
        case .string(let text): text
        default: nil
        }
    }

    private func list(_ path: String) -> String {
        let elements = value(path)?.array ?? []
        return elements.isEmpty ? "" : JSONValue.array(elements).compactText
    }

    private func labelPairs(_ pairs: [String: JSONValue]) -> String {
        if pairs.isEmpty { return "<none>" }
        return pairs.sorted { $0.key < $1.key }.map { "\($0.key)=\(Self.text($0.value))" }.joined(separator: ",")
    }

    /// As `metav1.FormatLabelSelector` prints it.
    private func labelSelector(_ selector: JSONValue) -> String {
        var terms = (selector["matchLabels"]?.object ?? [:]).map {
            (key: $0.key, text: "\($0.key)=\(Self.text($0.value))")
        }
        for expression in selector["matchExpressions"]?.array ?? [] {
            let key = expression["key"]?.string ?? ""
            let values = (expression["values"]?.array ?? []).map(Self.text).sorted().joined(separator: ",")
            switch expression["operator"]?.string {
            case "In": terms.append((key, "\(key) in (\(values))"))
            case "NotIn": terms.append((key, "\(key) notin (\(values))"))
            case "Exists": terms.append((key, key))
            case "DoesNotExist": terms.append((key, "!\(key)"))
            default: return "<error>"
            }
        }
        if terms.isEmpty { return "<none>" }
        return terms.sorted { $0.key < $1.key }.map(\.text).joined(separator: ",")
    }

    private var clusterNetworkEntries: [(cidr: String, length: String)] {
        let many = object["clusterNetworks"]?.array ?? []
        if many.isEmpty { return [(first(".network") ?? "", first(".hostsubnetlength") ?? "")] }
        return many.map { entry in
            (entry["CIDR"]?.string ?? "", entry["hostSubnetLength"].map(Self.text) ?? "")
        }
    }

    static func text(_ value: JSONValue) -> String { value.string ?? value.compactText }
}
