import ClusterAPI
import EgressAddressModel
import NetworkTypes
import Testing

/// One node's part, event by event.
@Suite struct EgressHolderTests {
    private static let addresses = Set(["192.0.2.10"].compactMap { IPAddress($0) })

    private static func object(_ version: Int, _ addresses: [String] = ["192.0.2.10"], name: String = "a") -> EgressNode
    {
        var object = EgressNode(name: name, spec: EgressNodeSpec(addresses: addresses, witnesses: ["api", "b", "c"]))
        object.metadata.resourceVersion = "\(version)"
        return object
    }

    /// A node that its witnesses back at `now`, with the claim that it makes.
    private struct Backed {
        var holder = EgressHolder(node: "a", networks: [CIDR("192.0.2.0/24")].compactMap(\.self))
        var claim: EgressClaim?

        init(at now: Int64) {
            var actions = holder.handle(.observed(object(1)), at: now)
            actions += holder.handle(.applied([]), at: now + 1)
            guard let sequence = Self.sequence(actions) else { return }
            for witness in ["b", "c"] {
                let next = holder.handle(.acknowledged(witness: witness, sequence: sequence), at: now + 10)
                for case .claim(let claim) in next { self.claim = claim }
            }
        }

        static func sequence(_ actions: [EgressHolder.Action]) -> UInt64? {
            for case .heartbeat(let sequence, _) in actions { return sequence }
            return nil
        }

        /// Claims, lists, and opens the kernel.
        mutating func settle(others: [EgressNode] = [], at now: Int64) -> [EgressHolder.Action] {
            let done = holder.handle(.claimed(.done(object(2))), at: now)
            guard done.contains(.list) else { return done }
            return holder.handle(.listed([object(2)] + others), at: now + 5)
        }
    }

    @Test("it claims upon the version it read, then lists, and only then opens the kernel, for as long as it is backed")
    func order() throws {
        var backed = Backed(at: 1_000)
        let claim = try #require(backed.claim)
        #expect(claim.version == "1" && claim.term == 1 && claim.addresses == Self.addresses)
        #expect(claim.witnesses == ["api", "b", "c"])
        let actions14 = backed.settle(at: 1_030)
        #expect(actions14 == [.hold(Self.addresses, until: 2_000)])
    }

    @Test("what another node owns, too, it does not hold")
    func contested() throws {
        var backed = Backed(at: 1_000)
        let other = Self.object(3, name: "z")
        let actions15 = backed.settle(others: [other], at: 1_030)
        #expect(actions15.isEmpty)
        #expect(backed.holder.confirmed.isEmpty && backed.holder.contested == Self.addresses)
    }

    @Test("one acknowledgement of three backs nothing")
    func quorum() {
        var holder = EgressHolder(node: "a", networks: [])
        let actions = holder.handle(.observed(Self.object(1)), at: 0)
        guard let sequence = Backed.sequence(actions) else {
            Issue.record("no heartbeat")
            return
        }
        _ = holder.handle(.acknowledged(witness: "b", sequence: sequence), at: 5)
        _ = holder.handle(.acknowledged(witness: "stranger", sequence: sequence), at: 5)
        #expect(!holder.isBacked(at: 6))
    }

    @Test("after a moment without backing the claim is nothing: it claims again before it holds")
    func gap() throws {
        var backed = Backed(at: 1_000)
        _ = backed.settle(at: 1_030)
        _ = backed.holder.handle(.applied(Self.addresses), at: 1_040)
        #expect(backed.holder.confirmed == Self.addresses)
        var actions = backed.holder.handle(.tick, at: 2_000)
        #expect(backed.holder.confirmed.isEmpty)
        #expect(actions.contains(.hold([], until: 2_000)))
        actions += backed.holder.handle(.applied([]), at: 2_001)
        let sequence = try #require(Backed.sequence(actions))
        for witness in ["b", "c"] {
            actions += backed.holder.handle(.acknowledged(witness: witness, sequence: sequence), at: 2_020)
        }
        let claims = actions.compactMap { action -> String? in
            if case .claim(let claim) = action { claim.version } else { nil }
        }
        #expect(claims == ["2"] && backed.holder.confirmed.isEmpty)
    }

    @Test("a claim that was written during a gap is nothing")
    func lateClaim() {
        var backed = Backed(at: 1_000)
        _ = backed.holder.handle(.tick, at: 2_500)
        _ = backed.holder.handle(.claimed(.done(Self.object(2))), at: 2_510)
        #expect(backed.holder.confirmed.isEmpty && !backed.holder.isBacked(at: 2_511))
    }

    @Test("what it is to let go is out of the kernel before a claim says so")
    func release() throws {
        var backed = Backed(at: 1_000)
        _ = backed.settle(at: 1_030)
        _ = backed.holder.handle(.applied(Self.addresses), at: 1_040)
        let closing = backed.holder.handle(.observed(Self.object(3, [])), at: 1_050)
        #expect(closing == [.hold([], until: 1_050)])
        let then = backed.holder.handle(.applied([]), at: 1_060)
        let claimed = then.compactMap { action -> Set<IPAddress>? in
            if case .claim(let claim) = action { claim.addresses } else { nil }
        }
        #expect(claimed == [[]])
    }
}

@Suite struct EgressWitnessTests {
    private static func object(_ version: Int, silentTo: [String] = []) -> EgressNode {
        var object = EgressNode(name: "a", spec: EgressNodeSpec(witnesses: ["w"]))
        object.metadata.resourceVersion = "\(version)"
        object.status = EgressNodeStatus()
        object.status?.silentTo = silentTo
        return object
    }

    /// One that has registered and acknowledges.
    private static func registered(at now: Int64) -> EgressWitness {
        var witness = EgressWitness(node: "w")
        _ = witness.handle(.observed(object(1)), at: now)
        let isHeard1 = witness.hears("a", at: now + 1)
        #expect(!isHeard1)
        let actions10 = witness.handle(.tick, at: now + 2)
        #expect(actions10 == [.register(object(1))])
        _ = witness.handle(.wrote(subject: "a", .done(object(2))), at: now + 3)
        return witness
    }

    @Test("it acknowledges when its registration is written, and nobody of whom it is no witness")
    func registers() {
        var witness = Self.registered(at: 0)
        let isHeard2 = witness.hears("a", at: 10)
        #expect(isHeard2)
        let isHeard3 = witness.hears("b", at: 10)
        #expect(!isHeard3)
    }

    @Test("it calls a node silent after a while, and acknowledges nothing from then on until it has taken that back")
    func silence() {
        var witness = Self.registered(at: 0)
        let isHeard4 = witness.hears("a", at: 10)
        #expect(isHeard4)
        let actions11 = witness.handle(.tick, at: 1_259)
        #expect(actions11.isEmpty)
        let actions12 = witness.handle(.tick, at: 1_260)
        #expect(actions12 == [.callSilent(Self.object(2))])
        // The word is on its way.
        let isHeard5 = witness.hears("a", at: 1_300)
        #expect(!isHeard5)
        _ = witness.handle(.wrote(subject: "a", .unknown), at: 1_310)
        let isHeard6 = witness.hears("a", at: 1_520)
        #expect(!isHeard6)
        let actions13 = witness.handle(.tick, at: 1_530)
        #expect(actions13 == [.register(Self.object(2))])
        let isHeard7 = witness.hears("a", at: 1_540)
        #expect(!isHeard7)
        _ = witness.handle(.wrote(subject: "a", .done(Self.object(5))), at: 1_550)
        let isHeard8 = witness.hears("a", at: 1_560)
        #expect(isHeard8)
    }

    @Test("a word that never went out changes nothing")
    func refused() {
        var witness = Self.registered(at: 0)
        _ = witness.handle(.tick, at: 1_300)
        _ = witness.handle(.wrote(subject: "a", .refused(nil)), at: 1_310)
        let isHeard9 = witness.hears("a", at: 1_320)
        #expect(isHeard9)
    }
}
