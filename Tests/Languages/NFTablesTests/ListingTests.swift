import NFTables
import NetworkTypes
import TestRandom
import Testing

@Suite("Listings")
struct ListingTests {
    /// As nft 1.0.6 prints it, shortened.
    static let listing = """
        {"nftables": [{"metainfo": {"version": "1.0.6", "json_schema_version": 1}},
        {"table": {"family": "inet", "name": "gabion", "handle": 1}},
        {"counter": {"family": "inet", "name": "denied_1", "table": "gabion", "handle": 1, "packets": 7, "bytes": 420}},
        {"set": {"family": "inet", "name": "peers_1", "table": "gabion", "type": ["ipv4_addr", "inet_service"], "handle": 2,
         "flags": ["interval"], "elem": [{"concat": [{"prefix": {"addr": "10.0.0.0", "len": 24}}, {"range": [80, 90]}]},
         {"concat": ["10.1.1.1", 5]}]}},
        {"set": {"family": "inet", "name": "seen_1", "table": "gabion", "type": "ipv4_addr", "handle": 8, "size": 100,
         "flags": ["timeout"], "timeout": 90, "elem": [{"elem": {"val": "10.0.0.9", "timeout": 90, "expires": 80}}]}},
        {"map": {"family": "inet", "name": "pods_1", "table": "gabion", "type": "ipv4_addr", "handle": 10, "map": "verdict",
         "elem": [["10.0.0.1", {"jump": {"target": "pod_1"}}], ["10.0.0.2", {"drop": null}]]}},
        {"map": {"family": "inet", "name": "nat_1", "table": "gabion", "type": ["ipv4_addr", "inet_service"], "handle": 12,
         "map": "ipv4_addr . inet_service", "elem": [[{"concat": ["10.0.0.1", 80]}, {"concat": ["10.1.1.1", 8080]}]]}},
        {"set": {"family": "inet", "name": "odd_1", "table": "gabion", "type": "ct_state", "handle": 13}},
        {"chain": {"family": "inet", "table": "gabion", "name": "forward_1", "handle": 14, "type": "filter",
         "hook": "forward", "prio": -5, "policy": "drop"}},
        {"chain": {"family": "inet", "table": "gabion", "name": "pod_1", "handle": 18}},
        {"rule": {"family": "inet", "table": "gabion", "chain": "forward_1", "handle": 19, "comment": "a #1",
         "expr": [{"accept": null}]}},
        {"rule": {"family": "inet", "table": "gabion", "chain": "forward_1", "handle": 20, "expr": [{"drop": null}]}},
        {"flowtable": {"family": "inet", "name": "fast", "table": "gabion", "handle": 21}},
        {"chain": {"family": "inet", "table": "other", "name": "not_ours", "handle": 1}}]}
        """

    private static func address(_ bits: UInt32) -> ElementKey { ElementKey(.address(IPAddress(v4: bits))) }

    @Test("everything in a listing of nft is understood")
    func understands() throws {
        let table = try #require(try ObservedTable(listing: Array(Self.listing.utf8), .inet, "gabion"))
        #expect(table.counters == ["denied_1": .init(packets: 7, bytes: 420)])
        #expect(table.foreign == ["flowtable fast"])
        let network = try #require(CIDR("10.0.0.0/24"))
        let ports = try #require(PortRange(80, through: 90))
        #expect(
            table.sets["peers_1"]
                == NamedSet(
                    .ipv4Address, .inetService, flags: .interval,
                    elements: [
                        ElementKey(.network(network), .ports(ports)),
                        ElementKey(.address(IPAddress(v4: 0x0A01_0101)), .port(5)),
                    ]))
        #expect(table.sets["seen_1"]?.elements == [Self.address(0x0A00_0009)])
        #expect(table.sets["odd_1"]?.definition.key == [])
        let pods = NamedMap(
            .ipv4Address, verdicts: [Self.address(0x0A00_0001): .jump("pod_1"), Self.address(0x0A00_0002): .drop])
        #expect(table.maps["pods_1"] == pods)
        #expect(table.maps["nat_1"]?.definition.data == .values([.ipv4Address, .inetService]))
        #expect(Set(table.chains.keys) == ["forward_1", "pod_1"])
        let forward = try #require(table.chains["forward_1"])
        #expect(forward.base == Chain.Base(.filter, .forward, priority: -5, policy: .drop))
        #expect(forward.rules.map(\.comment) == ["a #1", nil])
        #expect(forward.rules.map(\.handle) == [19, 20])
    }

    @Test("a table that is not in the listing is nil")
    func absent() throws {
        #expect(try ObservedTable(listing: Array(Self.listing.utf8), .inet, "gone_1") == nil)
        #expect(try ObservedTable(listing: Array(Self.listing.utf8), .arp, "gabion") == nil)
    }

    static let malformed = [
        "", "{", "[]", "null", "{\"nftables\": 5}", "{\"nftables\": []} x", "{\"nftables\": [}", "\"\\u12\"",
        "{\"nftables\": [\"\\ud800\\u0041\"", "1e", String(repeating: "[", count: 1000),
        "{\"nftables\": [{\"rule\": {\"family\": \"inet\", \"table\": \"gabion\"}}]}",
        "{\"nftables\": [{\"set\": {\"family\": \"inet\", \"table\": \"gabion\"}}]}",
    ]

    @Test("text that is not a listing is an error that says so", arguments: malformed)
    func rejects(text: String) {
        #expect(throws: ListingError.self) { try ObservedTable(listing: Array(text.utf8), .inet, "gabion") }
    }

    @Test("no damage to a listing makes us crash, nor the plan from what was read", arguments: UInt64(0)..<20)
    func damaged(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let whole = Array(Self.listing.utf8)
        let fragments = [
            "null", "{}", "[]", "-1", "99999999999999999999999999999999999999999", "\"x\"", "1.5", "\"gab*\"",
        ]
        for _ in 0..<200 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let start = Int.random(in: 0..<bytes.count, using: &random)
                let end = min(bytes.count, start + Int.random(in: 0...12, using: &random))
                switch Int.random(in: 0...3, using: &random) {
                case 0: bytes[start] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.removeSubrange(start..<end)
                case 2: bytes.insert(contentsOf: bytes[start..<end], at: start)
                default:
                    let fragment = fragments[Int.random(in: 0..<fragments.count, using: &random)]
                    bytes.replaceSubrange(start..<end, with: Array(fragment.utf8))
                }
                if bytes.isEmpty { bytes = whole }
            }
            guard let table = try? ObservedTable(listing: bytes, .inet, "gabion") else { continue }
            let desired = Table(.inet, "gabion", chains: ["pod_1": Chain()])
            #expect(!Transaction.plan(from: table, to: desired).text.contains("\0"))
        }
    }
}
