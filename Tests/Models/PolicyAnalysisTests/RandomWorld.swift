import APIMachinery
import ClusterAPI
import NetworkTypes
import PolicyAnalysis
import PolicyEngine
import TestRandom

/// A random cluster with its objects.
struct RandomWorld {
    var cluster: RandomCluster
    var pods: [Pod] = []
    var namespaces: [Namespace] = []
    var nodes: [Node] = []
    var policies: [NetworkPolicy] = []
    /// What cluster administrators write.
    var admin = RandomAdministration()

    /// - Parameter tiers: False for a world of NetworkPolicies alone.
    init(seed: UInt64, tiers: Bool = true) {
        cluster = RandomCluster(seed: seed)
        for name in cluster.namespaceNames where !cluster.random.once(in: 4) {
            namespaces.append(cluster.namespace(name))
        }
        for index in 0..<2 { nodes.append(cluster.node(index)) }
        for index in 0..<(4 + cluster.random.below(12)) {
            pods.append(cluster.pod(cluster.random.pick(cluster.namespaceNames), "p\(index)"))
        }
        for index in 0..<cluster.random.below(7) {
            policies.append(cluster.policy(cluster.random.pick(cluster.namespaceNames), "np\(index)"))
        }
        if tiers { admin = RandomAdministration(&cluster, seed: seed) }
    }

    var engine: PolicyEngine {
        var engine = PolicyEngine()
        for namespace in namespaces { engine.upsert(namespace) }
        for node in nodes { engine.upsert(node) }
        for pod in pods { engine.upsert(pod) }
        for policy in policies { engine.upsert(policy) }
        admin.enter(&engine)
        return engine
    }

    var parties: ClusterParties { ClusterParties(engine, nodes: nodes) }

    /// A second reading of the same objects.
    var naive: NaiveSemantics {
        var naive = NaiveSemantics(pods: pods, namespaces: namespaces, nodes: nodes, policies: policies)
        admin.enter(&naive)
        return naive
    }

    /// The same cluster after a few changes of every kind.
    mutating func changed() -> RandomWorld {
        var other = self
        for _ in 0...cluster.random.below(3) {
            switch cluster.random.below(13) {
            case 0:
                other.pods.append(cluster.pod(cluster.random.pick(cluster.namespaceNames), "new\(other.pods.count)"))
            case 1: other.pods.remove(at: cluster.random.below(other.pods.count))
            case 2:
                let place = cluster.random.below(other.pods.count)
                let key = other.pods[place].key
                other.pods[place] = cluster.pod(key.namespace, key.name)
            case 3 where !other.namespaces.isEmpty:
                let place = cluster.random.below(other.namespaces.count)
                other.namespaces[place] = cluster.namespace(other.namespaces[place].metadata.name ?? "")
            case 4 where !other.policies.isEmpty:
                other.policies.remove(at: cluster.random.below(other.policies.count))
            case 5 where !other.policies.isEmpty:
                let place = cluster.random.below(other.policies.count)
                let key = other.policies[place].key
                other.policies[place] = cluster.policy(key.namespace, key.name)
            case 6:
                let place = cluster.random.below(other.nodes.count)
                other.nodes[place] = cluster.node(place)
            case 7...10: other.admin.change(&cluster)
            default:
                let name = "added\(other.policies.count)"
                other.policies.append(cluster.policy(cluster.random.pick(cluster.namespaceNames), name))
            }
        }
        return other
    }
}

/// Ports on every side of every boundary that random policies draw.
let probes: [(transport: TransportProtocol, port: UInt16?)] =
    [.tcp, .udp, .sctp].flatMap { transport in
        [1, 52, 53, 54, 79, 80, 81, 82, 443, 444, 8080, 8081, 65_535].map { (transport, UInt16($0)) }
    } + [(.icmp, nil)]
