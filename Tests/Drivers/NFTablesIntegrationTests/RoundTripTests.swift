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
