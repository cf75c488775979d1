import ClusterAPI
import ClusterController
import KubernetesClient
import TestRandom
import Testing

/// One thing that a watch can tell.
private enum Happening: Sendable {
    case network(CacheEvent<ClusterNetwork>)
    case node(CacheEvent<Node>)
    case namespace(CacheEvent<Namespace>)
}

extension ClusterSnapshot {
    fileprivate mutating func apply(_ happening: Happening) {
        switch happening {
        case .network(let event): networks.apply(event)
        case .node(let event): nodes.apply(event)
        case .namespace(let event): namespaces.apply(event)
        }
    }
}

@Suite struct SequenceTests {
    private static let story: [Happening] =
        [.network(.upserted(Given.network([("10.128.0.0/20", 8), ("fd01::/56", 64)])))]
        + (1...6).map { .node(.upserted(Given.node("n\($0)", ["192.168.0.\($0)"]))) }
        + (1...6).map { .namespace(.upserted(Given.namespace("p\($0)"))) }

    /// What must hold of every settled cluster, whatever the way to it.
    private func check(_ snapshot: ClusterSnapshot) {
        #expect(Set(snapshot.hostSubnets.objects.keys) == Set(snapshot.nodes.objects.keys))
        #expect(Set(snapshot.netNamespaces.objects.keys) == Set(snapshot.namespaces.objects.keys))
        let subnets = snapshot.hostSubnets.objects.values.flatMap(\.allSubnets)
        #expect(Set(subnets).count == subnets.count)
        #expect(subnets.count == 2 * snapshot.nodes.objects.count)
        let ids = snapshot.netNamespaces.objects.values.map(\.netid)
        #expect(Set(ids).count == ids.count && ids.allSatisfy { $0 >= 10 })
        for node in snapshot.nodes.sorted {
            #expect(node.spec?.podCIDRs == snapshot.hostSubnets[node.key.name]?.allSubnets)
        }
    }

    @Test("events in any order, one by one, doubled or at once, lead to a cluster in order", arguments: 0..<20)
    func orders(seed: Int) throws {
        var events = Self.story
        switch seed {
        case 0: break
        case 1: events.reverse()
        case 2: events = events.flatMap { [$0, $0] }
        default: events.shuffle()
        }
        var stepwise = ClusterSnapshot()
        var memory = AllocationMemory()
        var known: [String: [String]] = [:]
        for event in events {
            stepwise.apply(event)
            stepwise = try #require(stepwise.settled(memory: &memory))
            for (name, hostSubnet) in stepwise.hostSubnets.objects {
                #expect(known[name] == nil || known[name] == hostSubnet.allSubnets)
                known[name] = hostSubnet.allSubnets
            }
        }
        check(stepwise)
        var atOnce = ClusterSnapshot()
        for event in events { atOnce.apply(event) }
        var fresh = AllocationMemory()
        check(try #require(atOnce.settled(memory: &fresh)))
    }

    @Test("nodes that come and go, with restarts of the controller, never share a subnet", arguments: 0..<10)
    func churn(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var snapshot = ClusterSnapshot(networks: Mirror([Given.network([("10.128.0.0/20", 8), ("fd01::/60", 64)])]))
        var memory = AllocationMemory()
        for step in 0..<60 {
            let name = "n\(random.below(12))"
            if snapshot.nodes[name] != nil {
                snapshot.nodes.remove(name)
            } else {
                snapshot.nodes.upsert(Given.node(name, ["192.168.0.\(step)"], uid: "\(step)"))
            }
            if random.once(in: 10) { memory = AllocationMemory() }
            snapshot = try #require(snapshot.settled(memory: &memory))
            check(snapshot)
        }
    }
}
