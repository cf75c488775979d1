import LinuxSystem
import NFTables
import NFTablesDriver
import NetworkTypes
import TestSupport
import Testing
import ToolRunner

@Suite("Chains, sets and rules by netlink", .serialized, .requiresRoot)
struct PolicyChangeTests {
    /// What nft says of the table, and of the kernel's own expressions, without the kernel's numbering.
    static func listing(_ namespace: NamespaceReference) async throws -> [String] {
        let arguments = ["--debug=netlink", "-n", "-s", "list", "table", "inet", "random_1"]
        let output = try await ToolRunner().run("nft", arguments, in: namespace)
        let expressions = (output.errorText + output.text).split(separator: "\n").map(String.init)
        let json = try await ToolRunner().run("nft", ["-n", "-j", "list", "table", "inet", "random_1"], in: namespace)
        // nft converts the byte order of one byte, and begins interval sets with an end at zero: neither does anything.
        // Anonymous maps are numbered over time.
        let kept = expressions.filter { !$0.contains("byteorder") && !$0.contains(#/element [0 ]+ : 1 \[end\]/#) }
            .map { $0.replacing(#/__map\d+/#, with: "__map") }
        return kept.sorted() + [json.text.replacing(#/"handle": \d+/#, with: "")]
    }

    @Test("changes of policies end as they do by nft", arguments: UInt64(0)..<12)
    func sameAsText(seed: UInt64) async throws {
        let tables = (0..<4).map { RandomPolicies.make(seed: seed * 10 + $0) }
        var listings: [[[String]]] = []
        for useText in [true, false] {
            let steps = try await withTestNamespace { namespace in
                let driver = NFTablesDriver(in: namespace)
                try await driver.applyText(.plan(from: nil as Table?, to: tables[0]))
                var steps: [[String]] = []
                for step in 1..<tables.count {
                    let transaction = Transaction.plan(from: tables[step - 1], to: tables[step])
                    if useText {
                        try await driver.applyText(transaction)
                    } else {
                        #expect(try await driver.apply(transaction) == .netlink)
                    }
                    let observed = try await driver.observe(.inet, "random_1")
                    #expect(Transaction.plan(from: observed, to: tables[step]).operations == [])
                    steps.append(try await Self.listing(namespace))
                }
                return steps
            }
            listings.append(steps)
        }
        for (text, netlink) in zip(listings[0], listings[1]) {
            #expect(text.filter { !netlink.contains($0) } == [])
            #expect(netlink.filter { !text.contains($0) } == [])
            #expect(text.count == netlink.count)
        }
    }

    @Test("packets meet the rules that netlink made")
    func packets() async throws {
        try await withTestNamespace { namespace in
            let driver = NFTablesDriver(in: namespace)
            try await ToolRunner().run("ip", ["link", "set", "lo", "up"], in: namespace)
            var table = Table(
                .inet, "sample_1",
                chains: [
                    "out_1": Chain(
                        Chain.Base(.filter, .output, priority: 0),
                        rules: [Rule(id: "all", .verdictMap([.destinationAddress(.v4)], "pods_1"))])
                ], maps: ["pods_1": NamedMap(.ipv4Address)], counters: ["single_1", "range_1", "peer_1", "other_1"])
            try await driver.apply(.plan(from: nil as Table?, to: table))
            let before = table
            let loopback = try #require(IPAddress("127.0.0.1"))
            let ports = try #require(PortRange(2000, through: 2999))
            for counter in ["single_1", "range_1"] {
                table.chains[Name("count_" + counter)] = Chain(
                    rules: [Rule(id: counter, .namedCounter(Name(counter)), .verdict(.accept))])
            }
            table.sets["peers_1"] = NamedSet(
                .ipv4Address, .inetProtocol, .inetService,
                elements: [ElementKey(.address(loopback), .transport(.udp), .port(53))])
            table.chains["pod_1"] = Chain(rules: [
                Rule(
                    id: "peers", .lookup([.sourceAddress(.v4), .layer4Protocol, .destinationPort], "peers_1"),
                    .namedCounter("peer_1"), .verdict(.accept)),
                Rule(
                    id: "ports",
                    .anonymousVerdictMap(
                        [.layer4Protocol, .destinationPort],
                        [
                            ElementKey(.transport(.udp), .port(4000)): .jump("count_single_1"),
                            ElementKey(.transport(.udp), .ports(ports)): .jump("count_range_1"),
                        ])),
                Rule(id: "other", .namedCounter("other_1"), .verdict(.drop)),
            ])
            table.maps["pods_1"]?.elements[ElementKey(.address(loopback))] = .verdict(.goto("pod_1"))
            #expect(try await driver.apply(.plan(from: before, to: table)) == .netlink)

            for target in [
                "udp/127.0.0.1/53", "udp/127.0.0.1/2000", "udp/127.0.0.1/2999", "udp/127.0.0.1/3000",
                "udp/127.0.0.1/4000",
            ] {
                _ = try? await ToolRunner().run("bash", ["-c", "echo x > /dev/\(target)"], in: namespace)
            }
            let counters = try await driver.readCounters(.inet, "sample_1").mapValues(\.packets)
            #expect(counters["peer_1"] == 1)
            #expect(counters["range_1"] == 2)
            #expect(counters["single_1"] == 1)
            // The datagram to 3000, and ICMP errors on their way back.
            #expect(counters["other_1"].map { $0 >= 1 } == true)
        }
    }

    @Test("a refused rule is named, and nothing of the batch is done")
    func atomicity() async throws {
        try await withTestNamespace { namespace in
            let driver = NFTablesDriver(in: namespace)
            try await driver.apply(.plan(from: nil as Table?, to: RandomPolicies.make(seed: 1)))
            let before = try await driver.observe(.inet, "random_1")
            let transaction = Transaction(
                .inet, "random_1",
                [
                    .flushChain("deny_1"), .addChain("new_1", nil),
                    .addSet("new_2", SetDefinition(key: [.ipv4Address])),
                    .addRule(
                        chain: "new_1", Rule(id: "bad", .lookup([.sourceAddress(.v4)], "missing_1"), .verdict(.drop))),
                ])
            await #expect {
                try await driver.apply(transaction)
            } throws: { error in
                "\(error)".contains("add rule inet random_1 new_1 ip saddr @missing_1 drop")
            }
            #expect(try await driver.observe(.inet, "random_1") == before)
        }
    }
}
