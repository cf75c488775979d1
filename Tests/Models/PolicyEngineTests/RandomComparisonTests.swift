import APIMachinery
import ClusterAPI
import EgressNames
import NetworkTypes
import PolicyEngine
import TestRandom
import Testing

/// The engine against `NaiveSemantics`, and its compiled form against its verdicts.
@Suite struct RandomComparisonTests {
    private struct World {
        var cluster: RandomCluster
        var naive: NaiveSemantics
        var engine: PolicyEngine
        private var followed = FollowedNames()

        /// Live clusters and complete ones by turns.
        init(seed: UInt64) {
            engine = PolicyEngine(input: seed.isMultiple(of: 2) ? .complete : .live)
            cluster = RandomCluster(seed: seed)
            naive = NaiveSemantics(pods: [], namespaces: [], nodes: [], policies: [])
            naive.isLive = !seed.isMultiple(of: 2)
            for name in cluster.namespaceNames where !cluster.random.once(in: 4) {
                naive.namespaces.append(cluster.namespace(name))
            }
            for index in 0..<2 { naive.nodes.append(cluster.node(index)) }
            for index in 0..<(4 + cluster.random.below(8)) {
                naive.pods.append(cluster.pod(cluster.random.pick(cluster.namespaceNames), "p\(index)"))
            }
            for index in 0..<cluster.random.below(7) {
                naive.policies.append(cluster.policy(cluster.random.pick(cluster.namespaceNames), "np\(index)"))
            }
            // Two worlds in three have tiers.
            if !seed.isMultiple(of: 3) { addTiers() }
            // One in two has a mode and projects with ids.
            if cluster.random.once(in: 2) { addTenancy() }
            // Three in seven have zones.
            if seed % 7 < 3 { addZones() }
            // Two in five limit what leaves the cluster.
            if seed % 5 < 2 { addEgressFirewalls() }
            // One in three lets pods reach the cloud's metadata.
            if seed.isMultiple(of: 3) { addMetadataAccesses() }
            naive.told = cluster.told()
            if cluster.random.once(in: 2) { learn(first: 3) }
            for pod in naive.pods { engine.upsert(pod) }
            for policy in naive.policies { engine.upsert(policy) }
            learn(first: .max)
            for namespace in naive.namespaces { engine.upsert(namespace) }
            for node in naive.nodes { engine.upsert(node) }
        }

        /// As an agent hears of what its pods were told.
        private mutating func learn(first count: Int) {
            let pod = ObjectKey(namespace: "a", name: "any")
            engine.learn(followed.mention(Set(engine.nameSelectors.values), by: pod))
            var delta = NameSetDelta()
            for (text, address) in naive.told.prefix(count) {
                guard let name = DomainName(text) else { continue }
                followed.follow(
                    .add(LearnedAddress(client: pod, name: name, address: address, deadline: 9)), &delta)
            }
            engine.learn(delta)
        }

        private mutating func addTenancy() {
            let network = cluster.clusterNetwork()
            naive.tenancy.network = network
            for name in cluster.namespaceNames where !cluster.random.once(in: 5) {
                naive.tenancy.netNamespaces.append(cluster.netNamespace(name))
            }
            engine.upsert(network)
            for netNamespace in naive.tenancy.netNamespaces { engine.upsert(netNamespace) }
        }

        /// Now and then several in a namespace.
        private mutating func addEgressFirewalls() {
            for name in cluster.namespaceNames where !cluster.random.once(in: 4) {
                if cluster.random.once(in: 4) {
                    naive.egressPolicies.append(cluster.egressNetworkPolicy(name))
                    if !cluster.random.once(in: 4) { continue }
                }
                naive.firewalls.append(cluster.egressFirewall(name))
            }
            for policy in naive.egressPolicies { engine.upsert(policy) }
            for firewall in naive.firewalls { engine.upsert(firewall) }
        }

        private mutating func addMetadataAccesses() {
            for index in 0..<3 { naive.accesses.append(cluster.metadataAccess("ma\(index)")) }
            for access in naive.accesses { engine.upsert(access) }
        }

        private mutating func addZones() {
            naive.zones = cluster.zones()
            naive.now = cluster.moment()
            let late = cluster.random.once(in: 2)
            if !late { naive.now.flatMap { APITime($0) }.map { engine.setTime($0) } }
            for zone in naive.zones { engine.upsert(zone) }
            if late { naive.now.flatMap { APITime($0) }.map { engine.setTime($0) } }
        }

        private mutating func addTiers() {
            for index in 0..<cluster.random.below(4) { naive.admins.append(cluster.adminPolicy("anp\(index)")) }
            for index in 0..<cluster.random.below(4) { naive.clusters.append(cluster.clusterPolicy("cnp\(index)")) }
            if cluster.random.once(in: 2) { naive.baselines.append(cluster.baselinePolicy()) }
            for policy in naive.admins { engine.upsert(policy) }
            for policy in naive.clusters { engine.upsert(policy) }
            for policy in naive.baselines { engine.upsert(policy) }
        }
    }

    @Test("verdicts equal the naive reading of the documentation on 2,400 random clusters", arguments: 0..<4)
    func verdictEqualsNaive(part: UInt64) {
        var denied = 0
        for seed in (part * 600)..<(part * 600 + 600) {
            var world = World(seed: seed)
            for _ in 0..<25 {
                let flow = world.cluster.flow(world.naive.pods)
                let expected = world.naive.isAllowed(flow.from, flow.to, flow.transport, flow.port)
                let verdict = world.engine.verdict(for: flow)
                if !expected { denied += 1 }
                #expect(verdict.allowed == expected, "seed \(seed): \(flow): \(verdict.rule)")
                #expect(!verdict.rule.isEmpty)
            }
        }
        // A generator that only allows, or only denies, would prove nothing.
        #expect((1_500...13_500).contains(denied), "\(denied) of 15,000 flows denied")
    }

    @Test("compiled rules and set members judge packets as the verdict does", arguments: 100..<104)
    func compiledEqualsVerdict(part: UInt64) {
        var (denied, asked) = (0, 0)
        for seed in (part * 600)..<(part * 600 + 600) {
            var world = World(seed: seed)
            _ = world.engine.drainChanges()
            var endpoints: [IPAddress: ObjectKey] = [:]
            for host in 0..<16 {
                for text in ["10.0.0.\(host)", "fd01::\(String(host, radix: 16))"] {
                    guard let address = IPAddress(text) else { continue }
                    endpoints[address] = world.naive.ends(.address(address)).first?.pod?.key
                }
            }
            let living = endpoints.keys.sorted()
            let interpretation = CompiledInterpretation(engine: world.engine, endpoints: endpoints)
            for _ in 0..<25 {
                var flow = world.cluster.flow([])
                // Most addresses are nobody's, and about those policies say little.
                if !living.isEmpty, !world.cluster.random.once(in: 4) {
                    flow.from = .address(world.cluster.random.pick(living))
                    flow.to = .address(world.cluster.random.pick(living))
                }
                guard case .address(let source) = flow.from, case .address(let destination) = flow.to,
                    source.family == destination.family
                else { continue }
                let verdict = world.engine.verdict(
                    source: source, destination: destination, transport: flow.transport, port: flow.port)
                switch verdict.egress.rule {
                case .ownNode, .itself: continue
                default: break
                }
                let seen = interpretation.isAllowed(source, destination, flow.transport, flow.port)
                #expect(seen == verdict.allowed, "seed \(seed): \(flow): \(verdict.rule)")
                asked += 1
                if !verdict.allowed { denied += 1 }
            }
        }
        // A generator that only allows, or only denies, would prove nothing.
        #expect(asked > 1_500 && (asked / 10...asked * 9 / 10).contains(denied), "\(denied) of \(asked) flows denied")
    }
}
