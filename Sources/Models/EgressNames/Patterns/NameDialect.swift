import NetworkTypes

/// The APIs that name names, each with its own meaning of `*`.
package enum NameDialect: Hashable, Sendable, CaseIterable {
    /// network.openshift.io/v1 `dnsName`: names alone.
    case egressNetworkPolicy
    /// k8s.ovn.org/v1 `dnsName`: `*.` is one label. `**.`, at least one, is an addition of ours.
    case egressFirewall
    /// policy.networking.k8s.io `domainNames`: `*.` is at least one label.
    case networkPolicyAPI
    /// gabion.io/v1 Zone: `*.` is one label, `**.` at least one.
    case zone

    /// - Throws: `NamePatternProblem`.
    package func pattern(_ text: String) throws(NamePatternProblem) -> NamePattern {
        let stars = text.prefix { $0 == "*" }.count
        guard !text.dropFirst(stars).contains("*") else { throw .misplacedStar }
        guard stars == 0 || text.dropFirst(stars).first == "." else { throw .misplacedStar }
        let reach = try reach(stars)
        let bare = text.dropFirst(stars == 0 ? 0 : stars + 1)
        guard IPAddress(bare) == nil else { throw .address }
        guard !bare.contains("\\"), let base = DomainName(bare), !base.isRoot, base.labels.allSatisfy(Self.isHostLabel)
        else {
            throw .noName
        }
        // A star below a top-level domain is nearly everybody; the dialects but the oldest want two labels of every name.
        let fewest = self == .egressNetworkPolicy ? 1 : 2
        guard base.labels.count >= fewest else { throw .tooShort }
        return NamePattern(base, reach)
    }

    private func reach(_ stars: Int) throws(NamePatternProblem) -> NamePattern.Reach {
        switch (self, stars) {
        case (_, 0): .itself
        case (.egressNetworkPolicy, _): throw .noStars
        case (.networkPolicyAPI, 1): .descendants
        case (.egressFirewall, 1), (.zone, 1): .children
        case (.egressFirewall, 2), (.zone, 2): .descendants
        default: throw .misplacedStar
        }
    }

    /// Letters, digits, and inside `-` and `_`.
    private static func isHostLabel(_ label: ArraySlice<UInt8>) -> Bool {
        func isPlain(_ byte: UInt8) -> Bool {
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        }
        guard let first = label.first, let last = label.last, isPlain(last) else { return false }
        return (isPlain(first) || first == UInt8(ascii: "_"))
            && label.allSatisfy { isPlain($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
    }
}

/// Why a text names no names.
package enum NamePatternProblem: Error, Hashable, Sendable, CustomStringConvertible {
    case noName, tooShort, address, misplacedStar, noStars

    package var description: String {
        switch self {
        case .noName: "is no domain name: letters, digits and hyphens between dots are"
        case .tooShort: "has one label only; it takes two, as example.com"
        case .address: "is an address: use a range of addresses, such as /32, for it"
        case .misplacedStar: "has a star where this API has none: it stands for whole labels, as *.example.com"
        case .noStars: "has a star, and an EgressNetworkPolicy has none: use an EgressFirewall or a Zone"
        }
    }
}
