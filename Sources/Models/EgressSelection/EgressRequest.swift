import ClusterAPI
import NetworkTypes

/// What one owner asks for.
struct EgressRequest: Hashable {
    /// Each once, in the object's order.
    var addresses: [IPAddress] = []
    /// What of the object cannot be understood, in words.
    var mistakes: [String] = []

    init(_ texts: [String], of field: String = "egressIPs") {
        for text in texts {
            guard let address = IPAddress(text) else {
                mistakes.append("'\(text)' of \(field) is not an IP address")
                continue
            }
            if !addresses.contains(address) { addresses.append(address) }
        }
    }

    init(mistake: String) { mistakes = [mistake] }
}

/// The pods that an EgressIP is about.
struct EgressScope: Hashable {
    var namespaces: LabelSelector
    var pods: LabelSelector

    /// What cannot be read may be about anybody.
    static let everybody = EgressScope(namespaces: LabelSelector(), pods: LabelSelector())
}

extension EgressIPSpec {
    var scope: EgressScope {
        EgressScope(namespaces: namespaceSelector, pods: podSelector ?? LabelSelector())
    }

    /// Operators of label selectors that nobody knows here.
    var unknownOperators: [String] {
        namespaceSelector.unknownOperators + (podSelector?.unknownOperators ?? [])
    }
}

extension LabelSelector {
    var unknownOperators: [String] {
        (matchExpressions ?? []).compactMap { if case .unknown(let text) = $0.operator { text } else { nil } }
    }
}
