import ClusterAPI
import EgressNames
import NetworkTypes

extension PeerSetDefinition {
    var id: PeerSetID {
        switch self {
        case .pods, .nodes: PeerSetID(kind: .addresses, definition: text)
        case .networks(let blocks):
            PeerSetID(kind: blocks.allSatisfy(\.isOneAddress) ? .hosts : .networks, definition: text)
        case .names: PeerSetID(kind: .names, definition: text)
        case .named: PeerSetID(kind: .ports, definition: text)
        }
    }

    /// Canonical, and unambiguous even for names that the API would refuse: such names are quoted.
    private var text: String {
        switch self {
        case .pods(.named(let namespace), let pods): "namespace \(quoted(namespace)) pods \(pods.canonicalText)"
        case .pods(.matching(let namespaces), let pods):
            "namespaces \(namespaces.canonicalText) pods \(pods.canonicalText)"
        case .pods(.doubtful(let namespaces), let pods):
            "namespaces unseen, perhaps \(namespaces.canonicalText) pods \(pods.canonicalText)"
        case .pods(.network(.id(let id)), let pods): "network \(id) pods \(pods.canonicalText)"
        case .pods(.network(.unknown(let project)), let pods):
            "network unknown project \(quoted(project)) pods \(pods.canonicalText)"
        case .pods(.notInOne(let selectors), let pods):
            "namespaces not in one of [\(selectors.map(\.canonicalText).joined(separator: " "))] "
                + "pods \(pods.canonicalText)"
        case .nodes(let nodes): "nodes \(nodes.canonicalText)"
        case .networks(let blocks): blocks.map(\.text).joined(separator: " ")
        case .names(let selector): selector.description
        case .named(let port, let target):
            "port \(quoted(port.name)) \(port.transport.rawValue) on \(target?.text ?? "any pod")"
        }
    }
}

extension PeerSetDefinition {
    /// The sets of a rule's blocks: those of one address are a set of their own, which the kernel finds by a hash instead of
    /// walking a tree of intervals.
    static func of(_ blocks: Set<AddressBlock>) -> [PeerSetDefinition] {
        let hosts = blocks.filter(\.isOneAddress)
        return [hosts, blocks.subtracting(hosts)].filter { !$0.isEmpty }.map { .networks($0.sorted()) }
    }
}

extension AddressBlock {
    fileprivate var isOneAddress: Bool { network.halves == nil && holes.isEmpty }

    fileprivate var text: String {
        holes.isEmpty ? network.description : "\(network)!\(holes.map(\.description).joined(separator: "!"))"
    }
}

extension LabelSelector {
    /// Equal meaning in equal form, as far as sorting and joining duplicates goes; what spells a single value is a label.
    var normalized: LabelSelector {
        guard let matchExpressions, !matchExpressions.isEmpty else {
            return LabelSelector(matchLabels: (matchLabels ?? [:]).isEmpty ? nil : matchLabels)
        }
        var labels = matchLabels ?? [:]
        var requirements: Set<Requirement> = []
        for requirement in matchExpressions {
            let values = Set(requirement.values ?? []).sorted()
            let known = labels[requirement.key]
            if requirement.operator == .in, values.count == 1, known == nil || known == values[0] {
                labels[requirement.key] = values[0]
            } else {
                requirements.insert(Requirement(key: requirement.key, operator: requirement.operator, values: values))
            }
        }
        let sorted = requirements.sorted { $0.canonicalText < $1.canonicalText }
        return LabelSelector(
            matchLabels: labels.isEmpty ? nil : labels, matchExpressions: sorted.isEmpty ? nil : sorted)
    }

    fileprivate var canonicalText: String {
        if isEmpty { return "{}" }
        let labels = (matchLabels ?? [:]).sorted { $0.key < $1.key }
        let terms =
            labels.map { "\(quoted($0.key))=\(quoted($0.value))" } + (matchExpressions ?? []).map(\.canonicalText)
        return "{" + terms.joined(separator: ",") + "}"
    }
}

extension LabelSelector.Requirement {
    fileprivate var canonicalText: String {
        "\(quoted(key)) \(quoted(self.operator.rawValue)) (\((values ?? []).map(quoted).joined(separator: ",")))"
    }
}

/// The text itself when it has only letters, digits, `.`, `_`, `-` and `/`; else in quotes with escapes.
private func quoted(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
        (97...122).contains(byte) || (65...90).contains(byte) || (45...57).contains(byte) || byte == 95
    }
    return isPlain && !text.isEmpty ? text : text.debugDescription
}
