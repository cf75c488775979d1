import NFTables
import NFTablesDriver
import NetworkTypes
import TestSupport
import Testing

@Suite("Changes by others", .requiresRoot)
struct ForeignChangeTests {
    private static let table = Table(
        .inet, "mine",
        chains: ["c": Chain(Chain.Base(.filter, .forward, priority: 0), rules: [Rule(id: "r", .counter)])],
        sets: ["s": NamedSet(.ipv4Address)])

    private static func element(_ number: UInt32) -> Transaction.Element {
        Transaction.Element(ElementKey(.address(IPAddress(v4: number))))
    }

    private static func addition(_ number: UInt32) throws -> Transaction {
        let definition = try #require(table.sets["s"]).definition
        return Transaction(.inet, "mine", [.addElements("s", definition, [element(number)])])
    }

    @Test("our own changes are not others', by netlink or by nft")
    func own() async throws {
        let namespace = try TestNamespace("nft", loopback: false)
        let driver = NFTablesDriver(in: namespace.reference)
        #expect(try !driver.wasChangedByOthers("mine"))
        #expect(try await driver.apply(.plan(from: nil as Table?, to: Self.table)) == .program)
        for number in 1...20 {
            #expect(try await driver.apply(Self.addition(UInt32(number))) == .netlink)
            if number.isMultiple(of: 5) { #expect(try !driver.wasChangedByOthers("mine")) }
        }
        try await driver.deleteTable(.inet, "mine")
        #expect(try !driver.wasChangedByOthers("mine"))
    }

    @Test(
        "others' changes of the table are noticed, once, and no others",
        arguments: [
            ("add element inet mine s { 192.0.2.1 }", true), ("flush chain inet mine c", true),
            ("delete table inet mine", true), ("flush ruleset", true), ("add table inet other", false),
            ("add table inet other; add chain inet mine more", true),
        ])
    func others(command: String, isNoticed: Bool) async throws {
        let namespace = try TestNamespace("nft", loopback: false)
        let driver = NFTablesDriver(in: namespace.reference)
        #expect(try !driver.wasChangedByOthers("mine"))
        try await driver.apply(.plan(from: nil as Table?, to: Self.table))
        try namespace.run("/usr/sbin/nft", command)
        #expect(try driver.wasChangedByOthers("mine") == isNoticed)
        #expect(try !driver.wasChangedByOthers("mine"))
    }

    @Test("a change of ours that is refused hides no other's")
    func refused() async throws {
        let namespace = try TestNamespace("nft", loopback: false)
        let driver = NFTablesDriver(in: namespace.reference)
        #expect(try !driver.wasChangedByOthers("mine"))
        try await driver.apply(.plan(from: nil as Table?, to: Self.table))
        try namespace.run("/usr/sbin/nft", "delete table inet mine")
        await #expect(throws: NFTablesError.self) { try await driver.apply(Self.addition(1)) }
        #expect(try driver.wasChangedByOthers("mine"))
    }

    @Test("when more was told than could be kept, others are taken to have changed the table")
    func overrun() async throws {
        let namespace = try TestNamespace("nft", loopback: false)
        let driver = NFTablesDriver(in: namespace.reference, noticeBuffer: 4096)
        #expect(try !driver.wasChangedByOthers("mine"))
        for number in 0..<40 {
            try namespace.run("/usr/sbin/nft", "add table inet other\(number); add chain inet other\(number) c")
        }
        #expect(try driver.wasChangedByOthers("mine"))
        #expect(try !driver.wasChangedByOthers("mine"))
    }
}
