import LinuxSystem
import NFTables
import NFTablesDriver
import NetworkTypes
import TestSupport
import Testing
import ToolRunner

@Suite("Elements that go by themselves", .requiresRoot)
struct ElementLifetimeTests {
    private static let definition = SetDefinition(key: [.ipv4Address], flags: [.timeout, .dynamic])
    private static let keys = ElementKey.addresses(["192.0.2.1", "192.0.2.2"].compactMap { IPAddress($0) })

    private static func change(_ lifetime: UInt64) -> Transaction {
        Transaction(
            .inet, "lifetimes",
            [
                .flushElements("held", definition),
                .addElements("held", definition, keys.sorted().map { Transaction.Element($0, lifetime: lifetime) }),
            ])
    }

    @Test("a set whose elements go by themselves is left as it is", arguments: [false, true])
    func kept(isFilledByRules: Bool) async throws {
        try await withTestNamespace { namespace in
            let driver = NFTablesDriver(in: namespace)
            var table = Table(.inet, "lifetimes")
            table.sets["held"] = NamedSet(definition: Self.definition)
            table.chains["in"] = Chain(
                Chain.Base(.filter, .input, priority: 0),
                rules: isFilledByRules
                    ? [Rule(id: "fill", .update("held", [.sourceAddress(.v4)], timeout: 60))]
                    : [Rule(id: "look", .lookup([.sourceAddress(.v4)], "held"), .verdict(.accept))])
            try await driver.apply(.plan(from: nil as Table?, to: table))
            #expect(try await driver.apply(Self.change(600_000)) == .netlink)
            let observed = try await driver.observe(.inet, "lifetimes")
            #expect(Transaction.plan(from: observed, to: table).isEmpty)
        }
    }

    @Test("an element lasts as long as it is told, and as long again when it is made anew", arguments: [true, false])
    func lifetime(usesText: Bool) async throws {
        try await withTestNamespace { namespace in
            let driver = NFTablesDriver(in: namespace)
            var table = Table(.inet, "lifetimes")
            table.sets["held"] = NamedSet(definition: Self.definition)
            try await driver.apply(.plan(from: nil as Table?, to: table))
            func apply(_ lifetime: UInt64) async throws {
                if usesText {
                    try await driver.applyText(Self.change(lifetime))
                } else {
                    #expect(try await driver.apply(Self.change(lifetime)) == .netlink)
                }
            }
            func text() async throws -> String {
                try await ToolRunner().run("nft", ["list", "table", "inet", "lifetimes"], in: namespace).text
            }
            try await apply(600_000)
            #expect(try await text().contains("timeout 10m"))
            try await apply(700)
            #expect(try await text().contains("192.0.2.2 timeout 700ms"))
            try await Task.sleep(for: .milliseconds(800))
            #expect(try await !text().contains("192.0.2.2"))
        }
    }
}
