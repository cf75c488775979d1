package import NFTables
import NetworkTypes
package import PolicyEngine

/// How the kernel names the packets that one rule denies in one direction: by the chain in which they end.
///
/// Projects are apart in both directions by one rule, so the direction is part of it.
package struct DenialName: Hashable, Sendable {
    package let direction: Direction
    /// Of the whole text of the rule that the kernel counts.
    private let digest: String

    package init(_ rule: RuleID, _ direction: Direction) {
        self.direction = direction
        digest = rule.counted.description.stableDigest
    }

    /// By the chain's name; nil for every other text.
    package init?(chain: some StringProtocol) {
        let parts = chain.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "deny", let direction = Direction(rawValue: String(parts[1])),
            parts[2].utf8.count == 32, parts[2].utf8.allSatisfy(Self.isDigit)
        else { return nil }
        self.direction = direction
        digest = String(parts[2])
    }

    /// Whether the source's rules denied, and not the destination's.
    package var isEgress: Bool { direction == .egress }

    package var chain: Name { "deny-\(direction.rawValue)-\(digest)" }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
    }
}
