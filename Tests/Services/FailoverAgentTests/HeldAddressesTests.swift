import ClusterAPI
import FailoverModel
import NetworkTypes
import Testing

@testable import FailoverAgent

@Suite struct HeldAddressesTests {
    static let address = IPAddress(v4: 0xC000_0264)
    static let moment = Timestamp(microsecondsSince1970: 1_700_000_000_000_000)

    static func entry(_ node: String?, since: String? = nil, also: [String]? = nil) -> HeldAddress {
        HeldAddress(address: "192.0.2.100", node: node, since: since, alsoHeldBy: also)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let what: String
        let isHeld: Bool
        var isTold = false
        let before: HeldAddress?
        let after: HeldAddress
        var testDescription: String { what }
    }

    static let since = moment.seconds
    static let cases = [
        Case(what: "nobody has it", isHeld: false, before: nil, after: entry(nil)),
        Case(what: "it is taken first", isHeld: true, before: nil, after: entry("a", since: since)),
        Case(
            what: "it is taken from another", isHeld: true, before: entry("b", since: "x"),
            after: entry("a", since: since)),
        Case(
            what: "it was here already", isHeld: true, before: entry("a", since: "x"), after: entry("a", since: "x")),
        Case(
            what: "another takes what is here and told", isHeld: true, isTold: true, before: entry("b", since: "x"),
            after: entry("b", since: "x", also: ["a"])),
        Case(
            what: "another let it go that is here and told", isHeld: true, isTold: true, before: entry(nil),
            after: entry("a", since: since)),
        Case(what: "it goes", isHeld: false, before: entry("a", since: "x"), after: entry(nil)),
        Case(
            what: "it goes from one of two", isHeld: false, before: entry("b", since: "x", also: ["a", "c"]),
            after: entry("b", since: "x", also: ["c"])),
        Case(
            what: "the first of two lets it go", isHeld: false, before: entry("a", since: "x", also: ["b"]),
            after: entry("b")),
        Case(
            what: "another has it", isHeld: false, before: entry("b", since: "x"), after: entry("b", since: "x")),
        Case(
            what: "it is taken where two had it", isHeld: true, before: entry("b", since: "x", also: ["c"]),
            after: entry("a", since: since)),
    ]

    @Test("a node says what it took and let go, and of others nothing", arguments: cases)
    func state(_ test: Case) throws {
        let node = Node(
            metadata: ObjectMeta(name: "a"),
            status: NodeStatus(addresses: [NodeAddress(type: "InternalIP", address: "192.0.2.1")]))
        let group = FailoverGroup(name: "g", spec: FailoverGroupSpec(addresses: ["192.0.2.100"]))
        let plan = try #require(FailoverPlan([group], nodes: [node]).groups.first)
        let held = HeldAddresses(
            node: "a", held: test.isHeld ? [Self.address: Self.moment] : [:], told: test.isTold ? [Self.address] : [])
        #expect(held.list(plan, present: test.before.map { [$0] } ?? []) == [test.after])
    }

    @Test("addresses that the group has no more are not told of")
    func gone() throws {
        let group = FailoverGroup(name: "g", spec: FailoverGroupSpec(addresses: ["192.0.2.100"]))
        let plan = try #require(FailoverPlan([group], nodes: []).groups.first)
        let old = HeldAddress(address: "192.0.2.7", node: "a")
        #expect(
            HeldAddresses(node: "a", held: [:], told: []).list(plan, present: [old]).map(\.address) == ["192.0.2.100"])
    }
}
