import ClusterAPI
import PolicyEngine

/// A deterministic cluster with policies in every tier: many namespaces of ten pods, in a hundred teams.
///
/// Half of the policies are NetworkPolicies, the others AdminNetworkPolicies, ClusterNetworkPolicies of both tiers, and one
/// BaselineAdminNetworkPolicy. One cluster-wide policy in fifty is about every namespace, one in five about a team, the
/// others about one application of one namespace.
struct SyntheticTiers {
    let namespaces: [Namespace]
    let pods: [Pod]
    let networkPolicies: [NetworkPolicy]
    let admins: [AdminNetworkPolicy]
    let clusters: [ClusterNetworkPolicy]
    let baseline: BaselineAdminNetworkPolicy
    let nodes: [Node]

    init(namespaces namespaceCount: Int, pods podCount: Int, policies policyCount: Int) {
        let cluster = SyntheticCluster(pods: podCount, policies: policyCount / 2, namespaces: namespaceCount)
        namespaces = cluster.namespaces
        // Every application once in each namespace.
        pods = cluster.pods.enumerated().map { index, pod in
            var pod = pod
            pod.metadata.labels?["app"] = "app-\(index / namespaceCount % 10)"
            return pod
        }
        networkPolicies = cluster.policies
        let others = policyCount - policyCount / 2 - 1
        admins = (0..<others * 3 / 5).map { Self.admin($0, of: namespaceCount) }
        clusters = (others * 3 / 5..<others).map { Self.cluster($0, of: namespaceCount) }
        baseline = BaselineAdminNetworkPolicy(
            spec: AdminNetworkPolicySpec(
                subject: ClusterPolicySubject(namespaces: LabelSelector()),
                ingress: [.init(action: "Deny", from: [Self.team(3)])]))
        nodes = (0..<100).map { index in
            Node(
                metadata: ObjectMeta(name: "node-\(index)", labels: ["zone": "zone-\(index % 3)"]),
                status: NodeStatus(addresses: [NodeAddress(type: "InternalIP", address: "192.168.1.\(index)")]))
        }
    }

    /// Everything, as events.
    func load(into engine: inout PolicyEngine) {
        for namespace in namespaces { engine.upsert(namespace) }
        for node in nodes { engine.upsert(node) }
        for policy in networkPolicies { engine.upsert(policy) }
        for policy in admins { engine.upsert(policy) }
        for policy in clusters { engine.upsert(policy) }
        engine.upsert(baseline)
        for pod in pods { engine.upsert(pod) }
        _ = engine.drainChanges()
    }

    static func subject(_ index: Int, of namespaceCount: Int) -> ClusterPolicySubject {
        if index.isMultiple(of: 50) { return ClusterPolicySubject(namespaces: LabelSelector()) }
        if index.isMultiple(of: 5) {
            return ClusterPolicySubject(namespaces: LabelSelector(matchLabels: ["team": "team-\(index % 100)"]))
        }
        return ClusterPolicySubject(
            pods: NamespacedPods(
                namespaceSelector: LabelSelector(
                    matchLabels: ["kubernetes.io/metadata.name": "project-\(index * 7 % namespaceCount)"]),
                podSelector: LabelSelector(matchLabels: ["app": "app-\(index % 10)"])))
    }

    private static func team(_ index: Int) -> ClusterPolicyPeer {
        ClusterPolicyPeer(namespaces: LabelSelector(matchLabels: ["team": "team-\(index % 100)"]))
    }

    private static func peer(_ index: Int, egress: Bool) -> ClusterPolicyPeer {
        switch index % (egress ? 4 : 2) {
        case 0: team(index)
        case 1:
            ClusterPolicyPeer(
                pods: NamespacedPods(
                    namespaceSelector: LabelSelector(matchLabels: ["team": "team-\(index % 100)"]),
                    podSelector: LabelSelector(matchLabels: ["app": "app-\(index % 10)"])))
        case 2: ClusterPolicyPeer(networks: ["172.\(16 + index % 16).0.0/16", "192.0.2.\(index % 256)/32"])
        default: ClusterPolicyPeer(nodes: LabelSelector(matchLabels: ["zone": "zone-\(index % 3)"]))
        }
    }

    static func admin(_ index: Int, of namespaceCount: Int, port: Int? = nil) -> AdminNetworkPolicy {
        let actions = ["Allow", "Deny", "Pass"]
        func rule(_ place: Int, egress: Bool) -> AdminNetworkPolicySpec.Rule {
            let peers = [peer(index + place, egress: egress)]
            return AdminNetworkPolicySpec.Rule(
                action: actions[(index + place) % 3], from: egress ? nil : peers, to: egress ? peers : nil,
                ports: (index + place).isMultiple(of: 2)
                    ? [.init(portNumber: .init(port: port ?? 8000 + index % 50))] : nil)
        }
        return AdminNetworkPolicy(
            name: "admin-\(index)",
            spec: AdminNetworkPolicySpec(
                priority: index % 1001, subject: subject(index, of: namespaceCount),
                ingress: (0..<3).map { rule($0, egress: false) }, egress: (0..<3).map { rule($0, egress: true) }))
    }

    private static func cluster(_ index: Int, of namespaceCount: Int) -> ClusterNetworkPolicy {
        let actions = ["Accept", "Deny", "Pass"]
        func rule(_ place: Int, egress: Bool) -> ClusterNetworkPolicySpec.Rule {
            let peers = [peer(index + place, egress: egress)]
            return ClusterNetworkPolicySpec.Rule(
                action: actions[(index + place) % 3], from: egress ? nil : peers, to: egress ? peers : nil,
                protocols: (index + place).isMultiple(of: 2)
                    ? [.init(tcp: .init(destinationPort: .init(number: 8000 + index % 50)))] : nil)
        }
        return ClusterNetworkPolicy(
            name: "cluster-\(index)",
            spec: ClusterNetworkPolicySpec(
                tier: index.isMultiple(of: 2) ? "Admin" : "Baseline", priority: index % 1001,
                subject: subject(index, of: namespaceCount), ingress: (0..<3).map { rule($0, egress: false) },
                egress: (0..<3).map { rule($0, egress: true) }))
    }
}
