import ClusterAPI
import EgressNames
import NetworkTypes
package import PolicyEngine

extension Difference {
    /// For people: what was wanted, and what there is instead.
    package func text(_ end: EndFacts) -> String {
        let address = end.address.map(\.description) ?? "\(end.party)"
        switch self {
        case .notAPod: return "selectors are about pods, and \(end.party) is none on a network of its own"
        case .namespace(let wanted, let has): return "namespace differs: wanted \(wanted), is in \(has)"
        case .namespaceUnseen(let name): return "the object of namespace \(name) was not seen yet"
        case .otherNetwork(let project): return "project \(project) has another VNID"
        case .inOneZone(let name): return "namespace \(name) is in exactly one zone"
        case .namespaceLabel(let label): return "namespace label differs: \(label.text)"
        case .podLabel(let label): return "pod label differs: \(label.text)"
        case .notANode: return "the rule is about nodes, and \(address) is no node's"
        case .otherNode(let selector): return "no node with \(selector) has \(address)"
        case .otherName(let selector, let address):
            return "nobody was told that \(selector.words) has the address \(address)"
        case .outsideBlocks(let blocks): return "\(address) is outside \(Self.list(blocks.map(\.description)))"
        case .inException(let hole, let block): return "\(address) is inside the exception \(hole) of \(block)"
        case .noAddress: return "\(end.party) has no address yet, and blocks ask for one"
        case .transport(let wanted, let has):
            return "protocol differs: rule says \(Self.list(wanted.map(\.description))), asked \(has.rawValue)"
        case .portsOfICMP: return "ICMP has no ports: only a rule without ports is about it"
        case .port(let wanted, let has):
            return "port differs: rule says \(Self.list(wanted.map(\.description))), asked \(has)"
        case .namedPort(let name, let transport, let numbers):
            return numbers.isEmpty
                ? "the destination declares no port named \(name) (\(transport.rawValue))"
                : "the port named \(name) is \(Self.list(numbers.map(\.description))) on the destination"
        }
    }

    private static func list(_ texts: [String]) -> String {
        if texts.isEmpty { return "none" }
        let shown = texts.prefix(4).joined(separator: ", ")
        return texts.count > 4 ? "\(shown) and \(texts.count - 4) more" : shown
    }
}

extension LabelDifference {
    /// `wanted app=web, has app=db`.
    var text: String {
        let single = requirement.values?.count == 1 ? requirement.values?.first : nil
        let wanted =
            requirement.operator == .in
            ? single.map { "\(requirement.key)=\($0)" } ?? requirement.description : requirement.description
        return "wanted \(wanted), has \(has.map { "\(requirement.key)=\($0)" } ?? "no \(requirement.key)")"
    }
}
