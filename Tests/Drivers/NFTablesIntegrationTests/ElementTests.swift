import LinuxSystem
import NFTables
import NFTablesDriver
import NetworkTypes
import TestSupport
import Testing
import ToolRunner

@Suite("Elements by netlink", .requiresRoot)
struct ElementTests {
    /// What nft prints of the table, as it is.
    private static func listing(_ namespace: NamespaceReference) async throws -> String {
        try await ToolRunner().run("nft", ["-n", "-j", "list", "table", "inet", "random_1"], in: namespace).text
    }

    /// The element changes of a table whose sets keep their types.
    private static func changes(from old: Table, to new: Table) -> Transaction {
        var transaction = Transaction(.inet, old.name)
        for (name, set) in old.sets {
            guard let other = new.sets[name], other.definition == set.definition else { continue }
            transaction.delete(set.elements.subtracting(other.elements), from: name, set.definition)
            transaction.add(other.elements.subtracting(set.elements), to: name, set.definition)
        }
        for (name, map) in old.maps {
            guard let other = new.maps[name], other.definition == map.definition else { continue }
            transaction.delete(
                map.elements.filter { other.elements[$0.key] != $0.value }.keys, from: name, map.definition)
            transaction.add(other.elements.filter { map.elements[$0.key] != $0.value }, to: name, map.definition)
        }
        return transaction
    }

    @Test("a thread changes elements and reads one set; all or nothing, and no set is no error of reading")
    func onesOwn() async throws {
        try await withTestNamespace { namespace in
            let driver = NFTablesDriver(in: namespace)
            let (name, definition): (Name, SetDefinition) = ("names6-x", SetDefinition(key: [.ipv6Address]))
            func elements() throws -> Set<ElementKey>? {
                try driver.elements(of: name, definition, in: "random_1", .inet)
            }
            func change(_ body: (inout Transaction) -> Void) throws {
                var transaction = Transaction(.inet, "random_1")
                body(&transaction)
                try driver.applyElements(transaction)
            }
            #expect(try elements() == nil)
            var table = Table(.inet, "random_1")
            table.sets[name] = NamedSet(definition: definition)
            try await driver.apply(.plan(from: nil as Table?, to: table))
            let keys = ElementKey.addresses((1...5000).map { IPAddress(family: .v6, bits: $0) })
            try change { $0.add(keys, to: name, definition) }
            #expect(try elements() == keys)
            let first = try #require(keys.min())
            let stranger = ElementKey(.address(IPAddress(family: .v6, bits: 9999)))
            // Added again and taken away, whether it was there or not.
            for key in [first, stranger] {
                try change {
                    $0.add([key], to: name, definition)
                    $0.delete([key], from: name, definition)
                }
            }
            #expect(try elements() == keys.subtracting([first]))
            #expect(throws: NFTablesError.self) {
                try change {
                    $0.add([stranger], to: name, definition)
                    $0.add([stranger], to: "nowhere", definition)
                }
            }
            #expect(throws: NFTablesError.self) { try change { $0.append(.addTable) } }
            #expect(try elements() == keys.subtracting([first]))
        }
    }

    @Test("random element changes end as they do by nft", arguments: UInt64(0)..<30)
    func sameAsText(seed: UInt64) async throws {
        // Two tables of the same shape: everything from one seed, the elements from several.
        let tables = (0..<4).map { RandomTable.make(seed: seed, elements: $0) }
        var listings: [[String]] = []
        for useText in [true, false] {
            let listing = try await withTestNamespace { namespace in
                let driver = NFTablesDriver(in: namespace)
                try await driver.applyText(.plan(from: nil as Table?, to: tables[0]))
                var listings: [String] = []
                for step in 1..<tables.count {
                    let transaction = Self.changes(from: tables[step - 1], to: tables[step])
                    try #require(transaction.changesOnlyElements)
                    if useText, !Self.isBeyondText(transaction) {
                        try await driver.applyText(transaction)
                    } else {
                        try await driver.apply(transaction)
                    }
                    listings.append(try await Self.listing(namespace))
                    let observed = try await driver.observe(.inet, tables[step].name)
                    #expect(Transaction.plan(from: observed, to: tables[step]).operations == [])
                }
                return listings
            }
            listings.append(listing)
        }
        #expect(listings[0] == listings[1])
    }

    /// nft 1.0.6 cannot delete single interface patterns.
    private static func isBeyondText(_ transaction: Transaction) -> Bool {
        transaction.operations.contains { operation in
            guard case .deleteElements(_, let definition, _) = operation else { return false }
            return definition.key == [.interfaceName] && definition.flags.contains(.interval)
        }
    }

    @Test("a refused element is named, and nothing of the batch is done")
    func atomicity() async throws {
        try await withTestNamespace { namespace in
            let driver = NFTablesDriver(in: namespace)
            let keys = (1...2000).map { ElementKey(.address(IPAddress(v4: UInt32($0)))) }
            let table = Table(
                .inet, "sample_1", chains: ["pod_1": Chain()],
                sets: ["peers_1": NamedSet(.ipv4Address), "few_1": NamedSet(.inetService, size: 1)],
                maps: ["pods_1": NamedMap(.ipv4Address)])
            try await driver.apply(.plan(from: nil as Table?, to: table))
            let before = try await driver.observe(.inet, "sample_1")
            let peers = try #require(table.sets["peers_1"]).definition
            let pods = try #require(table.maps["pods_1"]).definition

            var missing = Transaction(.inet, "sample_1")
            missing.add(keys, to: "peers_1", peers)
            missing.delete([ElementKey(.address(IPAddress(v4: 5000)))], from: "peers_1", peers)
            var dangling = Transaction(.inet, "sample_1")
            dangling.add(keys, to: "peers_1", peers)
            dangling.add([(keys[7], .verdict(.jump("gone_1")))], to: "pods_1", pods)
            var unknown = Transaction(.inet, "sample_1")
            unknown.add(keys, to: "peers_1", peers)
            unknown.add(keys, to: "none_1", peers)
            let cases = [(missing, "{ 0.0.19.136 }"), (dangling, "{ 0.0.0.8 : jump gone_1 }"), (unknown, "none_1")]
            for (transaction, name) in cases {
                await #expect {
                    try await driver.apply(transaction)
                } throws: { error in
                    "\(error)".contains(name) && "\(error)".contains("is unchanged")
                }
                #expect(try await driver.observe(.inet, "sample_1") == before)
            }
            // The channel works after errors.
            var good = Transaction(.inet, "sample_1")
            good.add(keys, to: "peers_1", peers)
            try await driver.apply(good)
            #expect(try await driver.observe(.inet, "sample_1")?.sets["peers_1"]?.elements == Set(keys))
        }
    }

    @Test("twenty thousand elements are one atomic change")
    func largeBatches() async throws {
        try await withTestNamespace { namespace in
            let driver = NFTablesDriver(in: namespace)
            let keys = (0..<20000).map { ElementKey(.address(IPAddress(v4: 0x0A00_0000 + UInt32($0) * 3))) }
            let table = Table(.inet, "sample_1", sets: ["peers_1": NamedSet(.ipv4Address, flags: .interval)])
            try await driver.apply(.plan(from: nil as Table?, to: table))
            let definition = try #require(table.sets["peers_1"]).definition
            var transaction = Transaction(.inet, "sample_1")
            transaction.add(keys, to: "peers_1", definition)
            try await driver.apply(transaction)
            #expect(try await driver.observe(.inet, "sample_1")?.sets["peers_1"]?.elements == Set(keys))
            var flush = Transaction(.inet, "sample_1", [.flushElements("peers_1", definition)])
            flush.add([keys[0]], to: "peers_1", definition)
            try await driver.apply(flush)
            #expect(try await driver.observe(.inet, "sample_1")?.sets["peers_1"]?.elements == [keys[0]])
        }
    }

    static let edgeCases: [(NamedSet, String)] = [
        (NamedSet(.ipv4Address, flags: .interval, elements: [ElementKey(.network(.everything(.v4)))]), "all of IPv4"),
        (NamedSet(.ipv6Address, flags: .interval, elements: [ElementKey(.network(.everything(.v6)))]), "all of IPv6"),
        (NamedSet(.inetService, flags: .interval, elements: [ElementKey(.ports(PortRange.all))]), "all ports"),
        (
            NamedSet(
                .ipv4Address, flags: .interval,
                elements: ElementKey.networks(["0.0.0.0/1", "128.0.0.0/2", "192.0.0.0/2"].compactMap { CIDR($0) })),
            "neighbouring networks"
        ),
        (NamedSet(.mark, flags: .interval, elements: [ElementKey(.mark(0x0102_0304))]), "marks in intervals"),
        (
            NamedSet(
                .interfaceName, flags: .interval,
                elements: [ElementKey(.interface("gab*")), ElementKey(.interface("abcdefghijklmno"))]),
            "interface patterns"
        ),
    ]

    @Test("sets at the edges of their type are the same by netlink and by nft", arguments: edgeCases)
    func edges(set: NamedSet, name: String) async throws {
        var listings: [String] = []
        for useText in [true, false] {
            try await withTestNamespace { namespace in
                let driver = NFTablesDriver(in: namespace)
                let table = Table(.inet, "random_1", sets: ["set_1": NamedSet(definition: set.definition)])
                try await driver.apply(.plan(from: nil as Table?, to: table))
                var transaction = Transaction(.inet, "random_1")
                transaction.add(set.elements.sorted(), to: "set_1", set.definition)
                if useText { try await driver.applyText(transaction) } else { try await driver.apply(transaction) }
                listings.append(try await Self.listing(namespace))
                var deletion = Transaction(.inet, "random_1")
                deletion.delete(set.elements.sorted(), from: "set_1", set.definition)
                try await driver.apply(deletion)
                #expect(try await driver.observe(.inet, "random_1")?.sets["set_1"]?.elements == [])
                try await driver.applyText(transaction)
                #expect(try await driver.observe(.inet, "random_1")?.sets["set_1"]?.elements == set.elements)
            }
        }
        #expect(listings.count == 2 && listings[0] == listings[1])
    }
}
