import ClusterAPI
import Foundation
import Lab
import LinuxSystem
import NetworkTypes
import TestSupport
import Testing

/// Each step asks two things: does the drop's own counter grow, and does the target see nothing? That an honest packet
/// arrives and is not counted is asked first, by the same means.
@Suite("Nobody can be somebody else", .requiresRoot, .serialized, .timeLimit(.minutes(5)))
struct ForgerySuite {
    private static let pods = [
        SuiteLab.pod("liar", node: "node-1"), SuiteLab.pod("victim", node: "node-1"),
        SuiteLab.pod("far", node: "node-2"),
    ]

    @Test("packets from a forged address, or a forged MAC, die on the pod's own interface")
    func addresses() async throws {
        try await SuiteLab.with(.standard(ipv6: true), objects: Self.pods) { lab in
            let all = try await self.addresses(lab)
            let (liar, victim) = (try await lab.namespace(of: "shop/liar"), try await lab.namespace(of: "shop/victim"))
            let (node, far) = (try await lab.namespace(of: "node/node-1"), try await lab.namespace(of: "shop/far"))
            for family in IPAddress.Family.allCases {
                let own = try #require(all["shop/liar"]?.first { $0.family == family })
                let other = try #require(all["shop/victim"]?.first { $0.family == family })
                let target = try #require(all["shop/far"]?.first { $0.family == family })
                let seen = try await Sightings(of: [own, other], in: far)
                let before = try await drops("drop_spoof", node)
                try send(from: own, in: liar, to: target)
                try send(from: other, in: victim, to: target)
                try await eventually("honest packets arrive") { try await seen.count() == 6 }
                #expect(try await drops("drop_spoof", node) == before)

                try await ip(["address", "add", "\(CIDR(host: other))", "dev", "eth0", "nodad"], liar, family)
                try send(from: other, in: liar, to: target)
                try await ip(["address", "del", "\(CIDR(host: other))", "dev", "eth0"], liar, family)
                let forged = try await drops("drop_spoof", node)
                #expect(forged == before + 3)
                #expect(try await seen.count() == 6)
            }
            // The MAC last: the kernel forgets all neighbours with it, and the pod must not have to ask.
            let gateway = try await word(
                after: "lladdr", of: ["ip", "neigh", "show", "169.254.1.1", "dev", "eth0"], in: liar)
            let own = try #require(all["shop/liar"]?.first { $0.family == .v4 })
            let target = try #require(all["shop/far"]?.first { $0.family == .v4 })
            let seen = try await Sightings(of: [own], in: far)
            let before = try await drops("drop_spoof", node)
            _ = try await SuiteLab.run(["ip", "link", "set", "eth0", "address", "0a:58:de:ad:be:ef"], in: liar)
            try await ip(
                ["neigh", "replace", "169.254.1.1", "lladdr", gateway, "dev", "eth0", "nud", "permanent"], liar, .v4)
            try send(from: own, in: liar, to: target)
            try await eventually("the forged MAC is counted") { try await drops("drop_spoof", node) >= before + 3 }
            #expect(try await seen.count() == 0)
        }
    }

    @Test("nobody asks who has an address in another's name: neither by ARP nor by neighbour discovery")
    func neighbours() async throws {
        try await SuiteLab.with(.standard(ipv6: true), objects: Self.pods) { lab in
            let all = try await self.addresses(lab)
            let liar = try await lab.namespace(of: "shop/liar")
            let node = try await lab.namespace(of: "node/node-1")
            for (family, gateway, counter) in [
                (IPAddress.Family.v4, "169.254.1.1", "drop_arp_spoof"), (.v6, "fe80::1", "drop_spoof"),
            ] {
                let own = try #require(all["shop/liar"]?.first { $0.family == family })
                let other = try #require(all["shop/victim"]?.first { $0.family == family })
                let target = try #require(all["shop/far"]?.first { $0.family == family })
                let before = try await drops(counter, node)
                // Without its entry the pod must ask, and asks as who sends.
                try await ip(["neigh", "del", gateway, "dev", "eth0"], liar, family)
                try send(from: own, in: liar, to: target)
                try await Task.sleep(for: .milliseconds(300))
                #expect(try await drops(counter, node) == before)
                try await ip(["neigh", "flush", "dev", "eth0"], liar, family)
                try await ip(["address", "add", "\(CIDR(host: other))", "dev", "eth0", "nodad"], liar, family)
                try send(from: other, in: liar, to: target)
                try await eventually("the forged question is counted as \(counter)") {
                    try await drops(counter, node) > before
                }
            }
        }
    }

    private func ip(_ words: [String], _ namespace: NamespaceReference, _ family: IPAddress.Family) async throws {
        let words = family == .v4 ? words.filter { $0 != "nodad" } : words
        _ = try await SuiteLab.run(["ip", family == .v4 ? "-4" : "-6"] + words, in: namespace)
    }

    /// Three datagrams.
    private func send(from source: IPAddress, in namespace: NamespaceReference, to target: IPAddress) throws {
        try withNetworkNamespace(namespace) {
            let socket = try Socket(.udp, source.family)
            try socket.bind(to: SocketAddress(source, port: 0))
            for _ in 0..<3 { _ = try socket.send([1], to: SocketAddress(target, port: 4000)) }
        }
    }

    private func word(
        after mark: String, of command: [String], in namespace: NamespaceReference
    ) async throws -> String {
        let text = try await SuiteLab.run(command, in: namespace)
        let words = text.split(separator: " ").map(String.init)
        let index = try #require(words.firstIndex(of: mark))
        return words[index + 1]
    }

    private func addresses(_ lab: Lab) async throws -> [String: [IPAddress]] {
        let pairs = try await lab.snapshot().pods.map { pod in
            (pod.key.description, pod.addressTexts.compactMap { IPAddress($0) })
        }
        return Dictionary(pairs) { first, _ in first }
    }

    /// What one named counter of the node has seen.
    private func drops(_ name: String, _ node: NamespaceReference) async throws -> Int64 {
        let family = name == "drop_arp_spoof" ? "arp" : "inet"
        let text = try await SuiteLab.run(["nft", "-j", "list", "counter", family, "gabion", name], in: node)
        let listing = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
        let counts = (listing["nftables"]?.array ?? []).compactMap { $0["counter"]?["packets"]?.int }
        return try #require(counts.first)
    }
}

/// Counts the datagrams from some addresses that come into a pod, before anything in it could refuse them.
private struct Sightings {
    private let namespace: NamespaceReference
    private let table: String

    init(of sources: [IPAddress], in namespace: NamespaceReference) async throws {
        self.namespace = namespace
        table = "seen" + UniqueName.next().filter { $0.isLetter || $0.isNumber }
        _ = try await SuiteLab.run(["nft", "add", "table", "inet", table], in: namespace)
        let chain = "{ type filter hook prerouting priority -400; }"
        _ = try await SuiteLab.run(["nft", "add", "chain", "inet", table, "in", chain], in: namespace)
        for source in sources {
            let protocolName = source.family == .v4 ? "ip" : "ip6"
            let rule = [protocolName, "saddr", "\(source)", "udp", "dport", "4000", "counter"]
            _ = try await SuiteLab.run(["nft", "add", "rule", "inet", table, "in"] + rule, in: namespace)
        }
    }

    func count() async throws -> Int64 {
        let text = try await SuiteLab.run(["nft", "-j", "list", "table", "inet", table], in: namespace)
        let listing = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
        let rules = (listing["nftables"]?.array ?? []).compactMap { $0["rule"]?["expr"]?.array }
        return rules.joined().compactMap { $0["counter"]?["packets"]?.int }.reduce(0, +)
    }
}
