import LinuxSystem
import NFTables
import NFTablesDriver
import NetworkTypes
import TestRandom
import TestSupport
import Testing
import ToolRunner

@Suite("Transactions on the real kernel", .requiresRoot)
struct TransactionTests {
    private static let address = ElementKey(.address(IPAddress(v4: 0x0A00_0001)))

    private static func sample() -> Table {
        Table(
            .inet, "sample_1",
            chains: [
                "forward_1": Chain(
                    Chain.Base(.filter, .forward, priority: 0, policy: .drop),
                    rules: [
                        Rule(id: "established", .conntrackState([.established, .related]), .verdict(.accept)),
                        Rule(id: "mss", .clampSegmentSize),
                        Rule(id: "by pod", .verdictMap([.destinationAddress(.v4)], "pods_1")),
                    ]),
                "pod_1": Chain(rules: [Rule(id: "default deny", .namedCounter("denied_1"), .verdict(.drop))]),
            ],
            sets: ["peers_1": NamedSet(.ipv4Address, flags: .interval, elements: [address])],
            maps: ["pods_1": NamedMap(.ipv4Address, verdicts: [address: .goto("pod_1")])],
            counters: ["denied_1"])
    }

    private static func observe(_ driver: NFTablesDriver) async throws -> ObservedTable {
        try #require(try await driver.observe(.inet, "sample_1"))
    }

    @Test("every statement of the language is accepted where it belongs")
    func everyStatement() async throws {
        try await withTestNamespace { namespace in
            let driver = NFTablesDriver(in: namespace)
            for table in StatementCatalogue.tables {
                try await driver.apply(.plan(from: nil as Table?, to: table))
                let observed = try await driver.observe(table.family, table.name)
                #expect(Transaction.plan(from: observed, to: table).operations == [])
            }
        }
    }

    @Test("a refused change names its command and changes nothing")
    func atomicity() async throws {
        try await withTestNamespace { namespace in
            let driver = NFTablesDriver(in: namespace)
            try await driver.apply(.plan(from: nil as Table?, to: Self.sample()))
            let before = try await Self.observe(driver)
            var transaction = Transaction(.inet, "sample_1")
            transaction.append(.addChain("more_1", nil))
            transaction.append(.flushChain("forward_1"))
            transaction.append(.addRule(chain: "more_1", Rule(id: "bad", .verdict(.jump("missing_1")))))
            await #expect {
                try await driver.apply(transaction)
            } throws: { error in
                guard case NFTablesError.refused(_, _, .some(let command), _) = error else { return false }
                return command.contains("jump missing_1") && "\(error)".contains("is unchanged")
            }
            #expect(try await Self.observe(driver) == before)
        }
    }

    @Test("what others put into our table goes, and what they removed comes back")
    func foreignChanges() async throws {
        try await withTestNamespace { namespace in
            let driver = NFTablesDriver(in: namespace)
            let desired = Self.sample()
            try await driver.apply(.plan(from: nil as Table?, to: desired))
            let meddling = """
                insert rule inet sample_1 forward_1 accept
                add chain inet sample_1 odd_1 { type filter hook input priority 5; policy drop; }
                add set inet sample_1 odd_2 { type ct_state; }
                delete element inet sample_1 peers_1 { 10.0.0.1 }
                add element inet sample_1 peers_1 { 0.0.0.0/0 }
                add chain inet sample_1 forward_1 { policy accept; }
                add counter inet sample_1 odd_3

                """
            try await ToolRunner().run("nft", ["-f", "-"], input: Array(meddling.utf8), in: namespace)
            let plan = Transaction.plan(from: try await Self.observe(driver), to: desired)
            try await driver.apply(plan)
            let observed = try await Self.observe(driver)
            #expect(Transaction.plan(from: observed, to: desired).operations == [])
            #expect(observed.chains["odd_1"] == nil)
            #expect(observed.chains["forward_1"]?.base?.policy == .drop)
        }
    }

    @Test("counters keep their values through changes, and a packet is counted")
    func countersSurvive() async throws {
        try await withTestNamespace { namespace in
            let driver = NFTablesDriver(in: namespace)
            var table = Table(.inet, "sample_1", counters: ["seen_1"])
            let base = Chain.Base(.filter, .output, priority: 0)
            table.chains["out_1"] = Chain(base, rules: [Rule(id: "count", .namedCounter("seen_1"))])
            try await driver.apply(.plan(from: nil as Table?, to: table))
            try await ToolRunner().run("ip", ["link", "set", "lo", "up"], in: namespace)
            let sending = "for i in 1 2 3; do echo x > /dev/udp/127.0.0.1/9 || true; done"
            try await ToolRunner().run("bash", ["-c", sending], in: namespace)
            let counted = try #require(try await driver.readCounters(.inet, "sample_1")["seen_1"])
            #expect(counted.packets >= 3)
            table.chains["out_1"]?.rules.append(Rule(id: "more", .counter))
            table.counters.insert("other_1")
            try await driver.apply(.plan(from: try await Self.observe(driver), to: table))
            let values = try await driver.readCounters(.inet, "sample_1")
            #expect(try #require(values["seen_1"]).packets >= counted.packets)
            #expect(values["other_1"] == ObservedTable.Counter(packets: 0, bytes: 0))
        }
    }

    @Test("a set whose type changes, a chain whose hook changes: made anew with all that refers to them")
    func redefinition() async throws {
        try await withTestNamespace { namespace in
            let driver = NFTablesDriver(in: namespace)
            var desired = Self.sample()
            try await driver.apply(.plan(from: nil as Table?, to: desired))
            desired.maps["pods_1"] = NamedMap(
                .ipv4Address, flags: .interval, verdicts: [ElementKey(.network(.everything(.v4))): .jump("pod_1")])
            desired.chains["forward_1"]?.base?.hook = .output
            try await driver.apply(.plan(from: try await Self.observe(driver), to: desired))
            #expect(Transaction.plan(from: try await Self.observe(driver), to: desired).operations == [])
        }
    }

    @Test("deleting a table twice is no error, and there is nothing to observe afterwards")
    func deletion() async throws {
        try await withTestNamespace { namespace in
            let driver = NFTablesDriver(in: namespace)
            try await driver.apply(.plan(from: nil as Table?, to: Self.sample()))
            try await driver.deleteTable(.inet, "sample_1")
            try await driver.deleteTable(.inet, "sample_1")
            #expect(try await driver.observe(.inet, "sample_1") == nil)
            #expect(try await driver.readCounters(.inet, "sample_1") == [:])
        }
    }

    @Test(
        "any id and any log prefix give rules that the kernel takes and that are recognised", arguments: UInt64(0)..<8)
    func hostileText(seed: UInt64) async throws {
        try await withTestNamespace { namespace in
            let driver = NFTablesDriver(in: namespace)
            var random = SeededGenerator(seed: seed)
            let rules = (0..<200).map { _ in
                let bytes = (0..<Int.random(in: 0...300, using: &random)).map { _ in
                    UInt8.random(in: 0...255, using: &random)
                }
                let text = String(decoding: bytes, as: UTF8.self)
                return Rule(id: text, .log(group: 1, prefix: text), .counter)
            }
            let table = Table(.inet, "hostile_1", chains: ["text_1": Chain(rules: rules)])
            try await driver.apply(.plan(from: nil as Table?, to: table))
            let observed = try await driver.observe(.inet, "hostile_1")
            #expect(Transaction.plan(from: observed, to: table).operations == [])
            #expect(observed?.chains["text_1"]?.rules.map(\.comment) == rules.map(\.comment))
        }
    }
}
