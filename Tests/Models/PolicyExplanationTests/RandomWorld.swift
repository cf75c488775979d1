import ClusterAPI
import PolicyEngine
import TestRandom

/// A random cluster with an engine that knows it; two in three have tiers, every other one is live.
struct RandomWorld {
    var cluster: RandomCluster
    var engine: PolicyEngine
    var pods: [Pod] = []

    init(seed: UInt64) {
        cluster = RandomCluster(seed: seed)
        engine = PolicyEngine(input: seed.isMultiple(of: 2) ? .complete : .live)
        for name in cluster.namespaceNames where !cluster.random.once(in: 4) { engine.upsert(cluster.namespace(name)) }
        for index in 0..<2 { engine.upsert(cluster.node(index)) }
        for index in 0..<(4 + cluster.random.below(8)) {
            pods.append(cluster.pod(cluster.random.pick(cluster.namespaceNames), "p\(index)"))
        }
        for pod in pods { engine.upsert(pod) }
        for index in 0..<cluster.random.below(7) {
            engine.upsert(cluster.policy(cluster.random.pick(cluster.namespaceNames), "np\(index)"))
        }
        guard !seed.isMultiple(of: 3) else { return }
        for index in 0..<cluster.random.below(4) { engine.upsert(cluster.adminPolicy("anp\(index)")) }
        for index in 0..<cluster.random.below(4) { engine.upsert(cluster.clusterPolicy("cnp\(index)")) }
        if cluster.random.once(in: 2) { engine.upsert(cluster.baselinePolicy()) }
    }

    mutating func flow() -> Flow { cluster.flow(pods) }
}
