import ClusterAPI
import NetworkTypes
import PolicyAnalysis
import PolicyEngine
import Testing

/// What two clusters differ in.
@Suite struct DiffTests {
    @Test(
        "diff = matrix(new) − matrix(old) on 160 random pairs of clusters, pair by pair and port by port",
        arguments: 0..<4)
    func equalsDifference(part: UInt64) {
        var (found, asked) = (0, 0)
        for seed in (part * 40)..<(part * 40 + 40) {
            var world = RandomWorld(seed: seed)
            let other = world.changed()
            let diff = ConnectivityDiff(old: (world.engine, world.nodes), new: (other.engine, other.nodes))
            let (old, new) = diff.engines
            let members = diff.groups.flatMap { group in group.members.map { ($0, group.presence) } }
            for (from, fromPresence) in members {
                for (to, toPresence) in members where from.party != to.party {
                    if from.isOutside, to.isOutside { continue }
                    let isInOld = fromPresence != .onlyNew && toPresence != .onlyNew
                    let isInNew = fromPresence != .onlyOld && toPresence != .onlyOld
                    let changes = diff.changes(from: from.party, to: to.party)
                    for (transport, port) in probes {
                        let flow = Flow(from: from.party, to: to.party, transport: transport, port: port)
                        let (was, now) = (old.verdict(for: flow), new.verdict(for: flow))
                        if (isInOld && was.isPromised) || (isInNew && now.isPromised) { continue }
                        // A flow by name uses one family; where it is another one in the new cluster, others tell.
                        guard let family = Self.family(old, new, flow, isInOld, isInNew) else { continue }
                        let expected: ConnectivityChange.Effect? =
                            (was.allowed && isInOld) == (now.allowed && isInNew)
                            ? nil : now.allowed && isInNew ? .appears : .disappears
                        let told = changes.first { change in
                            change.ports.contains(transport, port)
                                && (change.families.isEmpty || family.map(change.families.contains) ?? true)
                        }
                        asked += 1
                        if expected != nil { found += 1 }
                        #expect(
                            told?.effect == expected,
                            "seed \(seed): \(from.party) to \(to.party) \(transport) \(port ?? 0): \(was.rule) / \(now.rule)"
                        )
                    }
                }
            }
        }
        #expect(found > asked / 100, "\(found) of \(asked) changed")
    }

    /// The family that a flow by name uses in both clusters; nil if they differ.
    private static func family(
        _ old: PolicyEngine, _ new: PolicyEngine, _ flow: Flow, _ isInOld: Bool, _ isInNew: Bool
    ) -> IPAddress.Family?? {
        let was = isInOld ? shared(old, flow) : nil
        let now = isInNew ? shared(new, flow) : nil
        if let was, let now { return was == now ? .some(was) : nil }
        return .some(was ?? now)
    }

    private static func shared(_ engine: PolicyEngine, _ flow: Flow) -> IPAddress.Family? {
        let destinations = engine.addresses(of: flow.to).map(\.family)
        return engine.addresses(of: flow.from).map(\.family).first { destinations.contains($0) }
    }

    @Test("a cluster and itself differ in nothing, and a pod that comes is told apart from a change of policy")
    func causes() {
        let world = RandomWorld(seed: 3)
        #expect(ConnectivityDiff(old: (world.engine, world.nodes), new: (world.engine, world.nodes)).changes.isEmpty)
        let scene = Scene()
        var more = Scene()
        more.engine.upsert(Scene.pod("x", "d", host: 10, node: "n1"))
        let diff = ConnectivityDiff(old: (scene.engine, []), new: (more.engine, []))
        #expect(diff.pods(.onlyNew) == [ObjectKey(namespace: "x", name: "d")])
        #expect(!diff.changes.isEmpty && diff.changes.allSatisfy { $0.cause == .parties && $0.effect == .appears })
    }

    @Test("a change names who, the ports, and the rules that decide then and now")
    func content() throws {
        let before = Scene(policy("web", pods: pod("a"), ingress: [.init(from: [.init(podSelector: pod("b"))])]))
        let after = Scene(
            policy(
                "web", pods: pod("a"),
                ingress: [.init(from: [.init(podSelector: pod("b"))], ports: [.init(port: .int(80))])]))
        let diff = ConnectivityDiff(old: (before.engine, []), new: (after.engine, []))
        let change = try #require(diff.changes.first)
        #expect(diff.changes.count == 1)
        #expect(change.effect == .disappears && change.cause == .policy)
        #expect(diff.name(of: change.groups.from) == "x/b" && diff.name(of: change.groups.to) == "x/a")
        #expect(change.ports.description == "all but TCP 80")
        #expect(change.before == "NetworkPolicy x/web ingress[0]")
        #expect(change.after == "default deny ingress (NetworkPolicy x/web)")
    }
}
