import LinkState
import NetworkTypes
import TestRandom
import Testing

@Suite("Plan")
struct PlanTests {
    @Test("equal states need no steps", arguments: 0..<50)
    func equalStatesNeedNothing(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let state = LinkState.random(&random)
        #expect(LinkState.plan(from: state, to: state).isEmpty)
    }

    @Test("doing the steps of a plan gives the wanted state", arguments: 0..<200)
    func stepsLeadThere(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let before = LinkState.random(&random)
        let after = LinkState.random(&random)
        var model = ModelKernel(before)
        for change in LinkState.plan(from: before, to: after) { try model.apply(change) }
        #expect(model.state == after)
        #expect(LinkState.plan(from: model.state, to: after).isEmpty)
    }

    @Test("from nothing to all and back")
    func fromNothingAndBack() throws {
        var random = SeededGenerator(seed: 7)
        let state = LinkState.random(&random)
        var model = ModelKernel(LinkState())
        for change in LinkState.plan(from: LinkState(), to: state) { try model.apply(change) }
        for change in LinkState.plan(from: state, to: LinkState()) { try model.apply(change) }
        var rest = LinkState()
        rest.settings = state.settings
        #expect(model.state == rest)
    }

    @Test("a route that changes is replaced in one step")
    func changedRouteIsReplaced() throws {
        let destination = try #require(CIDR("10.1.0.0/24"))
        var before = LinkState()
        before.routes = [LinkState.Route(to: destination, via: IPAddress("10.0.0.2"), device: "eth0")]
        var after = LinkState()
        after.routes = [LinkState.Route(to: destination, via: IPAddress("10.0.0.3"), device: "eth0")]
        let from = try #require(before.routes.first)
        let to = try #require(after.routes.first)
        #expect(LinkState.plan(from: before, to: after) == [.replaceRoute(from: from, to: to)])
    }

    @Test("what goes with a link is not removed by itself")
    func linkTakesItsRoutesAlong() throws {
        var before = LinkState()
        let link = LinkState.Link(name: "gab1", kind: .veth())
        before.add(link)
        before.routes = [LinkState.Route(to: try #require(CIDR("10.1.0.5/32")), device: "gab1")]
        before.neighbours = [
            LinkState.Neighbour(try #require(IPAddress("10.1.0.5")), mac: MACAddress(bits: 5), device: "gab1")
        ]
        #expect(LinkState.plan(from: before, to: LinkState()) == [.deleteLink(link)])
    }

    @Test("a VXLAN with another port is made anew, with all that was on it")
    func otherPortRemakesOverlay() throws {
        func state(_ port: UInt16) -> LinkState {
            var state = LinkState()
            state.add(LinkState.Link(name: "gabvxlan", kind: .vxlan(LinkState.VXLAN(id: .global, port: port))))
            state.forwarding = [
                LinkState.ForwardingEntry(MACAddress(bits: 1), destination: IPAddress(v4: 1), device: "gabvxlan")
            ]
            return state
        }
        let plan = LinkState.plan(from: state(4789), to: state(4790)).map(\.description)
        #expect(
            plan == [
                "delete link gabvxlan", "create link gabvxlan",
                "put forwarding entry 00:00:00:00:00:01 dst 0.0.0.1 dev gabvxlan",
            ])
    }

    @Test("a property that is not said is not compared")
    func unsaidIsNotCompared() {
        var observed = LinkState()
        observed.add(
            LinkState.Link(
                name: "gab1", kind: .veth(), mac: MACAddress(bits: 9), mtu: 1400, alias: "x", group: 3,
                addressGeneration: .eui64))
        var desired = LinkState()
        desired.add(
            LinkState.Link(name: "gab1", kind: .veth(peer: LinkState.VethPeer(name: "eth0", namespacePath: "/x"))))
        #expect(LinkState.plan(from: observed, to: desired).isEmpty)
    }
}
