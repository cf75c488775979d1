import APIMachinery
import ClusterAPI
import PolicyEngine
import TestRandom

/// A random cluster with an engine that knows it; two in three have tiers, every other one is live.
///
/// A divided one has projects with networks of their own, zones, or both.
struct RandomWorld {
    var cluster: RandomCluster
    var engine: PolicyEngine
    var pods: [Pod] = []

    init(seed: UInt64, divided: Bool = false) {
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
        if divided { divide(seed) }
        guard !seed.isMultiple(of: 3) else { return }
        for index in 0..<cluster.random.below(4) { engine.upsert(cluster.adminPolicy("anp\(index)")) }
        for index in 0..<cluster.random.below(4) { engine.upsert(cluster.clusterPolicy("cnp\(index)")) }
        if cluster.random.once(in: 2) { engine.upsert(cluster.baselinePolicy()) }
    }

    private mutating func divide(_ seed: UInt64) {
        if !seed.isMultiple(of: 4) {
            engine.upsert(cluster.clusterNetwork())
            for name in cluster.namespaceNames where !cluster.random.once(in: 6) {
                engine.upsert(cluster.netNamespace(name))
            }
        }
        guard seed.isMultiple(of: 2) else { return }
        cluster.moment().flatMap { APITime($0) }.map { engine.setTime($0) }
        for zone in cluster.zones() { engine.upsert(zone) }
    }

    mutating func flow() -> Flow { cluster.flow(pods) }
}
