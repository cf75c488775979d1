package import NetworkTypes

/// The ports of every node that services of type NodePort and LoadBalancer have theirs from.
package struct NodePortRange: Hashable, Sendable, CustomStringConvertible {
    package let ports: PortRange
    private let numbers: BandedNumbers

    package init(_ ports: PortRange) {
        self.ports = ports
        let size = UInt64(ports.last - ports.first) + 1
        numbers = BandedNumbers(count: size, band: size <= 16 ? 0 : min(max(size / 32, 16), 128))
    }

    /// Reads `30000-32767`; nil for anything else, and for a range with port 0.
    package init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let first = UInt16(parts[0]), let last = UInt16(parts[1]), first > 0,
            let ports = PortRange(first, through: last)
        else { return nil }
        self.init(ports)
    }

    /// 30000-32767.
    package static let standard = NodePortRange(PortRange(30_000, through: 32_767) ?? .all)

    package var description: String { ports.description }

    package func contains(_ port: UInt16) -> Bool { ports.contains(port) }

    /// A port that is not taken; nil when all are.
    ///
    /// `start` as in `BandedNumbers.free`.
    package func free(from start: UInt64, isTaken: (UInt16) -> Bool) -> UInt16? {
        numbers.free(from: start) { isTaken(port($0)) }.map(port)
    }

    private func port(_ number: UInt64) -> UInt16 { ports.first + UInt16(number) }
}
