import LinuxSystem
import NetworkTypes
import TestSupport

/// What pods send to the host outside, and what it saw of them.
extension EgressNetwork {
    /// Remembers of every forwarded packet for the host outside where it came from and for which port it was.
    ///
    /// What a node sends by itself has its full number of hops left: it answers what comes for a connection that was
    /// taken from it with a reset of its own, which is no pod's packet.
    nonisolated func watch() throws {
        for (family, address, type, hops) in [
            ("ip", "192.168.7.9", "ipv4_addr", "ip ttl"), ("ip6", "fd07::9", "ipv6_addr", "ip6 hoplimit"),
        ] {
            try outside.run(
                "/usr/sbin/nft",
                """
                add table \(family) watch; \
                add set \(family) watch seen { type \(type) . inet_service; flags dynamic; size 65535; }; \
                add chain \(family) watch record { type filter hook prerouting priority -400; }; \
                add rule \(family) watch record \(family) daddr \(address) \(hops) < 64 meta l4proto { 6, 17 } add @seen { \(family) saddr . th dport }
                """)
        }
    }

    /// The sources that the host outside has seen of each pod since it was last asked to forget.
    nonisolated func seen() throws -> [String: Set<String>] {
        var seen: [String: Set<String>] = [:]
        for family in ["ip", "ip6"] {
            let words = try outside.run("/usr/sbin/nft", "-nn", "list", "set", family, "watch", "seen")
                .split { $0.isWhitespace || $0 == "," }.map(String.init)
            for (index, word) in words.enumerated() where word == "." && index > 0 && index + 1 < words.count {
                guard let port = UInt16(words[index + 1]),
                    let pod = EgressNetwork.podNames.first(where: { EgressNetwork.port(of: $0) == port })
                else { continue }
                seen[pod, default: []].insert(words[index - 1])
            }
        }
        return seen
    }

    nonisolated func forgetSeen() throws {
        for family in ["ip", "ip6"] { try outside.run("/usr/sbin/nft", "flush", "set", family, "watch", "seen") }
    }

    /// Whom the host outside says it saw, or how it failed.
    nonisolated func probe(_ pod: String, _ transport: TransportProtocol, family: Int, at address: String? = nil) throws
        -> String
    {
        guard let place = pods[pod] else { return "no pod" }
        return try ServiceNode.ask(
            transport, in: place.reference, address ?? EgressNetwork.outsideAddresses[family],
            EgressNetwork.port(of: pod))
    }

    /// Every transport of both families.
    static let ways: [(TransportProtocol, Int)] = [(.tcp, 0), (.udp, 0), (.tcp, 1), (.udp, 1)]
}

/// One pod's traffic: flows that go on for as long as they can, and new ones.
final class EgressTraffic {
    private let place: NamespaceReference
    private let targets: [SocketAddress]
    private var streams: [Int: Socket] = [:]
    private var flows: [Socket] = []

    init(of pod: String, in network: EgressNetwork) throws {
        place = network.pods[pod]?.reference ?? .current
        targets = EgressNetwork.outsideAddresses.compactMap { IPAddress($0) }
            .map { SocketAddress($0, port: EgressNetwork.port(of: pod)) }
        for target in targets { flows.append(try socket(.udp, target)) }
    }

    private func socket(_ kind: Socket.Kind, _ target: SocketAddress) throws -> Socket {
        try withNetworkNamespace(place) {
            let socket = try Socket(kind, target.address.family)
            if kind == .tcp { try socket.resetOnClose() }
            _ = try socket.connect(to: target)
            return socket
        }
    }

    /// A datagram of each old flow, a byte of each old stream, and a new one of each.
    func round() throws {
        for (index, target) in targets.enumerated() {
            // Refusals and ends of connections are no concern of this.
            _ = try? flows[index].send(Array("?".utf8))
            _ = try? socket(.udp, target).send(Array("?".utf8))
            _ = try? socket(.tcp, target)
            do {
                if let stream = streams[index] {
                    _ = try stream.send([1])
                    while let bytes = try stream.receive() { if bytes.isEmpty { streams[index] = nil; break } }
                    continue
                }
            } catch { streams[index] = nil }
            streams[index] = try? socket(.tcp, target)
        }
    }
}
