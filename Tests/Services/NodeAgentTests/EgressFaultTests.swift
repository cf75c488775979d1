import ClusterAPI
import LinuxSystem
import NetworkTypes
import NodeAgent
import TestRandom
import TestSupport
import Testing

@Suite("Egress addresses under faults", .requiresRoot, .serialized, .timeLimit(.minutes(60)))
struct EgressFaultTests {
    @Test("an answer that finds its connection forgotten begins none; the pod goes on as before", arguments: [0, 1])
    func lateAnswer(family: Int) async throws {
        try await EgressNetwork.with { network in
            let addresses = ["192.168.7.201", "fd07::201"]
            await network.ask("shop", for: addresses)
            try await network.give(addresses, to: "two")
            let outside = try #require(IPAddress(EgressNetwork.outsideAddresses[family]))
            let target = SocketAddress(outside, port: 9)
            let listener = try Self.socket(outside.family, in: network.outside.reference)
            try listener.bind(to: target)
            let pod = try #require(network.pods["a"])
            let flow = try Self.socket(outside.family, in: pod.reference)
            _ = try flow.connect(to: target)
            func asker() throws -> SocketAddress? {
                _ = try flow.send(Array("?".utf8))
                guard try Readiness.wait(listener.descriptor, for: .readable, timeout: .milliseconds(500)) else {
                    return nil
                }
                return try listener.receiveDatagram()?.from
            }
            try await eventually("the pod leaves with its address") {
                try asker()?.address.description == addresses[family]
            }
            let last = try #require(try asker())
            let node = try #require(network.nodes["one"])
            let words = ["-D", "-f", family == 0 ? "ipv4" : "ipv6", "-p", "udp", "--orig-port-dst", "9"]
            try TestProgram.run("/usr/sbin/conntrack", words, in: node.reference)
            _ = try listener.send(Array("!".utf8), to: last)
            #expect(try !Readiness.wait(flow.descriptor, for: .readable, timeout: .milliseconds(500)))
            #expect(try asker()?.address.description == addresses[family])
            let agent = try #require(await network.agents["one"])
            try await eventually { await agent.status().drops["drop_egress_stray"]?.packets ?? 0 > 0 }
        }
    }

    private static func socket(_ family: IPAddress.Family, in place: NamespaceReference) throws -> Socket {
        try withNetworkNamespace(place) { try Socket(.udp, family) }
    }

    /// 1, 2, 3; with `GABION_EGRESS_SEEDS=4-40` others.
    private static let seeds: [Int] = {
        let ends = (Environment.value(of: "GABION_EGRESS_SEEDS") ?? "").split(separator: "-").compactMap { Int($0) }
        return ends.count == 2 && ends[0] <= ends[1] ? Array(ends[0]...ends[1]) : [1, 2, 3]
    }()

    /// 30 sequences of four steps each.
    @Test("whatever moves, conflicts, goes or dies, the host outside sees no wrong source", arguments: seeds)
    func random(seed: Int) async throws {
        try await EgressNetwork.with { network in
            var history = FaultHistory(seed: seed)
            let traffic = try EgressNetwork.podNames.map { try EgressTraffic(of: $0, in: network) }
            for (namespace, addresses) in history.world.asked { await network.ask(namespace, for: addresses) }
            for pod in ["a", "b", "c"] {
                try await eventually("\(pod) is closed") { try network.probe(pod, .tcp, family: 0) == "silence" }
            }
            // A killed agent may hear of several steps at once.
            var allowed = history.world.mayBeSeen
            for number in 0..<120 {
                try network.forgetSeen()
                let what = try await history.step(network)
                allowed.merge(history.world.mayBeSeen) { $0.union($1) }
                for _ in 0..<4 {
                    for pod in traffic { try pod.round() }
                    try await Task.sleep(for: .milliseconds(15))
                }
                let seen = try network.seen()
                for (pod, sources) in seen {
                    let wrong = sources.subtracting(allowed[pod] ?? [])
                    #expect(wrong.isEmpty, "step \(number), \(what): \(pod) was seen as \(wrong)")
                }
                guard number % 4 == 3 else { continue }
                // At rest: exactly what is active now.
                try await eventually("step \(number), \(what): all is \(history.world.shouldBeSeen)") {
                    try network.forgetSeen()
                    for _ in 0..<12 { for pod in traffic { try pod.round() } }
                    return try network.seen() == history.world.shouldBeSeen
                }
                allowed = history.world.mayBeSeen
            }
        }
    }
}

/// What was told to the agents: who asks for what, and who holds it.
private struct FaultWorld {
    var asked = ["shop": ["192.168.7.201", "fd07::201", "192.168.7.202"], "bank": ["192.168.7.203"], "free": []]
    var held: [String: [String]] = [:]
    var isClosed = false

    static let addresses = ["192.168.7.201", "192.168.7.202", "192.168.7.203", "fd07::201", "fd07::202"]

    /// With which sources each pod may be seen, as long as not all agents have heard the last of it.
    var mayBeSeen: [String: Set<String>] {
        var seen: [String: Set<String>] = [:]
        for (pod, place) in EgressNetwork.places {
            let asked = asked[place.namespace] ?? []
            seen[pod] = Set(asked.isEmpty ? isClosed ? [] : EgressNetwork.hosts(place.node) : asked)
        }
        return seen
    }

    /// With which sources it is seen once they have.
    var shouldBeSeen: [String: Set<String>] {
        var seen: [String: Set<String>] = [:]
        for (pod, place) in EgressNetwork.places {
            let wanted = asked[place.namespace] ?? []
            if wanted.isEmpty { seen[pod] = isClosed ? nil : Set(EgressNetwork.hosts(place.node)) }
            for isV6 in [false, true] where !wanted.isEmpty {
                var byHolder: [String: String] = [:]
                for address in wanted where address.contains(":") == isV6 {
                    let holders = held.filter { $0.value.contains(address) }.keys
                    guard asked.values.filter({ $0.contains(address) }).count == 1, holders.count == 1,
                        let holder = holders.first, byHolder[holder] == nil
                    else { continue }
                    byHolder[holder] = address
                }
                let own = byHolder[place.node].map { [$0] } ?? Array(byHolder.values)
                if !own.isEmpty { seen[pod, default: []].formUnion(own) }
            }
        }
        return seen
    }
}

private struct FaultHistory {
    private var random: SeededGenerator
    private(set) var world = FaultWorld()

    init(seed: Int) { random = SeededGenerator(seed: seed) }

    /// Does one thing; says what.
    mutating func step(_ network: EgressNetwork) async throws -> String {
        switch random.below(10) {
        case 0...3: return try await move(network)
        case 4:
            let node = random.pick(EgressNetwork.nodeNames)
            world.held[node] = nil
            await network.forgetHolder(node)
            return "the EgressNode \(node) goes"
        case 5, 6:
            let namespace = random.pick(["shop", "bank", "free"])
            let wanted = Array(FaultWorld.addresses.shuffled(using: &random).prefix(random.below(4)))
            world.asked[namespace] = wanted
            await network.ask(namespace, for: wanted)
            return "\(namespace) asks for \(wanted)"
        case 7:
            world.isClosed.toggle()
            if world.isClosed { await network.select("broken", nil) } else { await network.unselect("broken") }
            return "an EgressIP that cannot be read " + (world.isClosed ? "comes" : "goes")
        default:
            let node = random.pick(EgressNetwork.nodeNames)
            await network.kill(node)
            return "the agent of \(node) dies"
        }
    }

    /// An address goes from where it is to some node, in either order, with or without its way on interfaces.
    private mutating func move(_ network: EgressNetwork) async throws -> String {
        let address = random.pick(FaultWorld.addresses)
        let target = random.pick(EgressNetwork.nodeNames)
        let isOrderly = !random.once(in: 4)
        let old = world.held.filter { $0.value.contains(address) && $0.key != target }.keys.sorted()
        if isOrderly {
            for node in old { try await set(node, (world.held[node] ?? []).filter { $0 != address }, network) }
        }
        let now = (world.held[target] ?? []).filter { $0 != address } + [address]
        try await set(target, now, network)
        if !isOrderly, random.once(in: 2) {
            for node in old { try await set(node, (world.held[node] ?? []).filter { $0 != address }, network) }
        }
        return "\(address) goes from \(old) to \(target)" + (isOrderly ? "" : " in disorder")
    }

    private mutating func set(_ node: String, _ addresses: [String], _ network: EgressNetwork) async throws {
        try network.put(addresses, on: node, removing: world.held[node] ?? [])
        world.held[node] = addresses
        await network.hold(addresses, by: node)
    }
}
