import LinuxSystem
import NFTables
import NFTablesDriver
import NetworkTypes
import TestSupport
import Testing
import ToolRunner

@Suite("Rules of services by netlink", .requiresRoot)
struct ServiceRuleTests {
    private static func table(_ family: IPAddress.Family) -> Table {
        let frontend: [Field] = [.destinationAddress(family), .layer4Protocol, .destinationPort]
        let types = frontend.map(\.type)
        return Table(
            .inet, "random_1", chains: ["in_1": Chain(Chain.Base(.nat, .prerouting, priority: -100))],
            maps: [
                "services_1": NamedMap(definition: SetDefinition(key: types, data: .verdict)),
                "endpoints_1": NamedMap(
                    definition: SetDefinition(
                        key: types + [.mark], data: .values([.address(family), .inetService]))),
                "choices_1": NamedMap(definition: SetDefinition(key: types + [.mark], data: .values([.mark]))),
            ], counters: ["drop_1"])
    }

    /// The chains that choose, and elements with marks as keys and as values.
    private static func change(_ family: IPAddress.Family) -> Transaction {
        let before = table(family)
        var after = before
        let key: [Field] = [.destinationAddress(family), .layer4Protocol, .destinationPort, .mark]
        let translate = Statement.destinationNAT(.map(key, "endpoints_1", family))
        after.chains["choose_1"] = Chain(rules: [
            Rule(id: "one", .networkProtocol(family), .setMark(0x6700_0000), translate)
        ])
        after.chains["choose_2"] = Chain(rules: [
            Rule(
                id: "two", .networkProtocol(family), .numberMark(below: 2, offset: 0x6700_0000),
                .mapMark(key, "choices_1"), translate)
        ])
        let address = IPAddress(family: family, bits: UInt128(0x0A00_0001))
        after.sets["sources_1"] = NamedSet(
            .address(family), flags: .interval,
            elements: ElementKey.networks([CIDR(address, prefixLength: 24) ?? .everything(family), CIDR(host: address)])
        )
        after.chains["from_1"] = Chain(rules: [
            Rule(id: "let in", .lookup([.sourceAddress(family)], "sources_1"), .verdict(.goto("choose_1"))),
            Rule(id: "others", .namedCounter("drop_1"), .verdict(.drop)),
        ])
        let values: [ElementValue] = [.address(address), .transport(.tcp), .port(80)]
        let marked = ElementKey(values + [.mark(0x6701_0203)])
        if let key = ElementKey(values), let marked {
            after.maps["services_1"]?.elements[key] = .verdict(.goto("from_1"))
            after.maps["endpoints_1"]?.elements[marked] = .data(ElementKey(.address(address), .port(8080)))
            after.maps["choices_1"]?.elements[marked] = .data(ElementKey(.mark(0x6704_0506)))
        }
        return .plan(from: before, to: after)
    }

    @Test("they are as nft makes them", arguments: IPAddress.Family.allCases)
    func sameAsText(family: IPAddress.Family) async throws {
        var listings: [[String]] = []
        for useText in [true, false] {
            try await withTestNamespace { namespace in
                let driver = NFTablesDriver(in: namespace)
                try await driver.applyText(.plan(from: nil as Table?, to: Self.table(family)))
                let change = Self.change(family)
                if useText {
                    try await driver.applyText(change)
                } else {
                    #expect(try await driver.apply(change) == .netlink)
                }
                listings.append(try await PolicyChangeTests.listing(namespace))
            }
        }
        #expect(listings[0] == listings[1])
        #expect(listings[0].joined().contains("numgen"))
    }
}
