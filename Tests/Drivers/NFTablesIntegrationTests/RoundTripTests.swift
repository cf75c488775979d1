import LinuxSystem
import NFTables
import NFTablesDriver
import TestSupport
import Testing

@Suite("What is applied is what the kernel shows", .requiresRoot)
struct RoundTripTests {
    @Test("a random table is observed as applied, and turns into any other", arguments: UInt64(0)..<40)
    func randomTables(seed: UInt64) async throws {
        try await withTestNamespace { namespace in
            let driver = NFTablesDriver(in: namespace)
            var present: ObservedTable?
            for step in 0..<4 {
                let desired = RandomTable.make(seed: seed &* 10 + UInt64(step))
                try await driver.apply(.plan(from: present, to: desired))
                let observed = try #require(try await driver.observe(.inet, desired.name))
                #expect(Transaction.plan(from: observed, to: desired).operations == [], "step \(step)")
                #expect(observed.sets.mapValues(\.elements) == desired.sets.mapValues(\.elements))
                #expect(observed.maps.mapValues(\.elements) == desired.maps.mapValues(\.elements))
                #expect(Set(observed.chains.keys) == Set(desired.chains.keys))
                #expect(Set(observed.counters.keys) == desired.counters)
                #expect(observed.foreign == [])
                present = observed
            }
        }
    }

    @Test("a random table is read by netlink as nft lists it", arguments: UInt64(200)..<240)
    func readAsListed(seed: UInt64) async throws {
        try await withTestNamespace { namespace in
            let driver = NFTablesDriver(in: namespace)
            let table = RandomTable.make(seed: seed)
            try await driver.apply(.plan(from: nil as Table?, to: table))
            guard case .table(let read) = try driver.read(.inet, table.name) else {
                Issue.record("netlink does not tell the table of seed \(seed)")
                return
            }
            #expect(read == (try await driver.list(.inet, table.name)))
            // Nobody else's tables are mixed in, and one that is not there is told from one that is empty.
            guard case .absent = try driver.read(.arp, table.name) else {
                Issue.record("a table that is not there was read")
                return
            }
        }
    }

    /// What our own tables never have.
    static let foreign = [
        "add limit inet random_1 slow { rate 5/second }", "add set inet random_1 kinds { type ether_type; }",
        "add set inet random_1 marks { type mark; flags interval; elements = { 1-5 } }",
        "add set inet random_1 fixed { type ipv4_addr; flags constant; elements = { 10.0.0.1 } }",
    ]

    @Test("what netlink does not tell is left to nft", arguments: foreign)
    func unclear(command: String) async throws {
        try await withTestNamespace { namespace in
            let driver = NFTablesDriver(in: namespace)
            try await driver.apply(.plan(from: nil as Table?, to: Table(.inet, "random_1")))
            let before = try #require(try await driver.observe(.inet, "random_1"))
            try TestProgram.run("/usr/sbin/nft", [command], in: namespace)
            guard case .unclear = try driver.read(.inet, "random_1") else {
                Issue.record("netlink told \(command)")
                return
            }
            #expect(try await driver.observe(.inet, "random_1") != before)
        }
    }

    @Test(
        "a plan between two desired tables leads to the same as one from the observed table",
        arguments: UInt64(100)..<130)
    func desiredToDesired(seed: UInt64) async throws {
        try await withTestNamespace { namespace in
            let driver = NFTablesDriver(in: namespace)
            let first = RandomTable.make(seed: seed)
            let second = RandomTable.make(seed: seed + 1000)
            try await driver.apply(.plan(from: nil as Table?, to: first))
            #expect(Transaction.plan(from: first, to: first).isEmpty)
            try await driver.apply(.plan(from: first, to: second))
            let observed = try #require(try await driver.observe(.inet, second.name))
            #expect(Transaction.plan(from: observed, to: second).operations == [])
        }
    }
}
