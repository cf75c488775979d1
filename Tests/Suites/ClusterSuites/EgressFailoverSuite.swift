import ClusterAPI
import Foundation
import KubernetesClient
import Lab
import LinuxSystem
import NetworkTypes
import TestRandom
import TestSupport
import Testing

/// Pods that leave with an egress address while nodes fail, agents, `gabion egress` and controller together.
@Suite("Egress addresses seen from outside", .requiresRoot, .serialized, .timeLimit(.minutes(40)))
struct EgressFailoverSuite {
    private static let addresses = ["192.168.250.150", "fd98::150"]
    private static let ports: ClosedRange<UInt16> = 8001...8004
    /// Of the pod that nobody selects.
    private static let freePort: UInt16 = 8004

    @Test("whatever fails, pods are seen with their address alone, by one node after another, again in three seconds")
    func failures() async throws {
        // Four faults in random order each round.
        let rounds = Int(ProcessInfo.processInfo.environment["GABION_EGRESS_ROUNDS"] ?? "") ?? 1
        var random = SeededGenerator(seed: rounds)
        try await Self.withLab { scene in
            var outages: [EgressFault: [Double]] = [:]
            for round in 0..<rounds {
                for fault in EgressFault.allCases.shuffled(using: &random) {
                    let ordeal = try await suffer(fault, scene, &random)
                    #expect(ordeal.silence < 6, "round \(round): \(ordeal.what)")
                    if ordeal.ofHolder { outages[fault, default: []].append(ordeal.silence) }
                }
            }
            for (fault, list) in outages.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                let sorted = list.sorted()
                let half = sorted[sorted.count / 2]
                let last = sorted[min(sorted.count - 1, sorted.count * 99 / 100)]
                print("seen from outside, holder \(fault): \(sorted.count) times, p50 \(half) s, p99 \(last) s")
                #expect(half < 3, "\(fault)")
            }
        }
    }

    /// One fault of some node from begin to end, mostly of the one that holds the IPv4 address.
    private func suffer(
        _ fault: EgressFault, _ scene: Scene, _ random: inout SeededGenerator
    ) async throws -> (silence: Double, ofHolder: Bool, what: String) {
        let holders = try await scene.settled()
        let victim = random.once(in: 3) ? random.pick(EgressFault.nodes) : holders[0]
        var what = "\(victim) is \(fault), \(holders) held"
        let start = Date().timeIntervalSince1970
        // An agent that dies meanwhile must not matter.
        if random.once(in: 2) {
            let other = random.pick(EgressFault.nodes.filter { $0 != victim })
            try SuiteLab.process("agent-\(other)", of: scene.lab).send(.kill)
            what += ", the agent of \(other) died"
        }
        try await fault.strike(victim, of: scene.lab)
        try await Task.sleep(for: .seconds(4))
        let silences = try scene.silences(since: start, without: fault.takesPods ? victim : nil)
        try await fault.mend(victim, of: scene.lab)
        try await Task.sleep(for: .milliseconds(1_500))
        try scene.check(since: start, what)
        return (silences.values.max() ?? 0, victim == holders[0], "\(what): silent for \(silences)")
    }

    // MARK: The lab

    private static let object: JSONValue = [
        "apiVersion": "k8s.ovn.org/v1", "kind": "EgressIP", "metadata": ["name": "partner"],
        "spec": [
            "egressIPs": .array(addresses.map(JSONValue.string)),
            "namespaceSelector": ["matchLabels": ["kubernetes.io/metadata.name": "shop"]],
        ],
    ]

    private static func withLab(_ body: (Scene) async throws -> Void) async throws {
        let directory = try TemporaryDirectory()
        var topology = LabTopology.standard(nodes: 3, ipv6: true)
        let answering = ports.flatMap { ["tcp/\($0)", "udp/\($0)"] }
        topology.outside = topology.outside.map { .init(name: $0.name, addresses: $0.addresses, ports: answering) }
        let pods =
            EgressFault.nodes.map { SuiteLab.pod("on-\($0)", node: $0) }
            + [SuiteLab.pod("free", in: "others", node: "node-1")]
        try await SuiteLab.with(topology, objects: pods) { lab in
            let macs = try await EgressFault.choose(of: lab)
            try await lab.apply([object])
            let scene = Scene(
                lab: lab, macs: macs,
                link: try PacketWatch(ports, in: .named(lab.directory.name.routerNamespace), directory),
                outside: try PacketWatch(ports, in: try await lab.namespace(of: "outside/internet"), directory))
            var senders: [PodSender] = []
            for (index, node) in EgressFault.nodes.enumerated() {
                let place = try await lab.namespace(of: "shop/on-\(node)")
                senders.append(
                    try PodSender(place, to: topology.outside[0].addresses, ports.lowerBound + UInt16(index)))
            }
            let free = try await lab.namespace(of: "others/free")
            senders.append(try PodSender(free, to: topology.outside[0].addresses, freePort))
            try await body(scene)
            for sender in senders { try sender.end() }
            #expect(try scene.link.end() == 0)
            #expect(try scene.outside.end() == 0)
        }
    }

    /// The lab, and what is seen on the nodes' link and at the host outside.
    private struct Scene {
        let lab: Lab
        let macs: [String: String]
        let link: PacketWatch
        let outside: PacketWatch

        /// The holders of the addresses when nothing has changed for longer than a node is given nothing after it was silent.
        func settled() async throws -> [String] {
            try await Task.sleep(for: .seconds(6))
            return try await eventualAnswer("all nodes are well, and all pods are heard") {
                guard try await EgressFault.areAllWell(of: lab) else { return nil }
                let packets = try link.packets(after: Date().timeIntervalSince1970 - 0.5)
                guard Set(packets.map(\.port)).count == EgressFailoverSuite.ports.count else { return nil }
                let holders = EgressFailoverSuite.addresses.map { address in
                    Set(packets.filter { $0.source == address }.map { macs[$0.mac] ?? $0.mac })
                }
                return holders.allSatisfy { $0.count == 1 } ? holders.compactMap(\.first) : nil
            }
        }

        /// How long the host outside heard nothing by IPv4 of each selected pod, at longest.
        func silences(since start: Double, without node: String?) throws -> [String: Double] {
            let packets = try outside.packets(after: start).filter { $0.source == EgressFailoverSuite.addresses[0] }
            let now = Date().timeIntervalSince1970
            let nodes = EgressFault.nodes.enumerated().filter { $0.element != node }
            return Dictionary(
                uniqueKeysWithValues: nodes.map { index, node in
                    let port = EgressFailoverSuite.ports.lowerBound + UInt16(index)
                    let times = packets.filter { $0.port == port }.map(\.time)
                    return (node, zip([start] + times, times + [now]).map { $1 - $0 }.max() ?? 0)
                })
        }

        /// No source but the right ones, and who has let an address go is not heard with it again.
        func check(since start: Double, _ what: String) throws {
            for watch in [link, outside] {
                for packet in try watch.packets(after: start) {
                    let isOwn = EgressFailoverSuite.addresses.contains(packet.source)
                    let isFree = packet.port == EgressFailoverSuite.freePort
                    let isNode = ["192.168.250.", "fd98::"].contains { packet.source.hasPrefix($0) } && !isOwn
                    #expect(isFree ? isNode : isOwn, "\(what): \(packet)")
                }
            }
            for address in EgressFailoverSuite.addresses {
                let turns = Turn.turns(of: try link.packets(after: start).filter { $0.source == address }, macs, start)
                let nodes = turns.map(\.node)
                #expect(nodes.count == Set(nodes).count && nodes.count <= 2, "\(what): \(address) by \(turns)")
            }
        }
    }

    /// One node's packets with an address, until those of another.
    private struct Turn: CustomStringConvertible {
        let node: String
        let begin: Double
        var end: Double
        var count = 1
        var ports: Set<UInt16>

        static func turns(of packets: [PacketWatch.Packet], _ macs: [String: String], _ start: Double) -> [Turn] {
            packets.reduce(into: []) { turns, packet in
                let (node, time) = (macs[packet.mac] ?? packet.mac, packet.time - start)
                guard var last = turns.last, last.node == node else {
                    return turns.append(Turn(node: node, begin: time, end: time, ports: [packet.port]))
                }
                last.count += 1
                last.end = time
                last.ports.insert(packet.port)
                turns[turns.count - 1] = last
            }
        }

        var description: String {
            "\(node): \(count) packets to \(ports.sorted()) at \(begin)...\(end) s"
        }
    }
}
