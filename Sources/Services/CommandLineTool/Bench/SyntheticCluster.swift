import ClusterAPI
import PolicyEngine

/// A deterministic cluster for measurements: pods in namespaces of a hundred, ten applications each.
///
/// Policies take turns: pods of the same namespace by label, pods of another namespace by both selectors, pods of all
/// namespaces of a team, and blocks with exceptions; with one port, a range, a name, or none.
struct SyntheticCluster {
    let pods: [Pod]
    let namespaces: [Namespace]
    let policies: [NetworkPolicy]

    /// A team is a tenth of the namespaces, or ten of them if there are many.
    init(pods podCount: Int, policies policyCount: Int, namespaces wanted: Int? = nil) {
        let namespaceCount = wanted ?? max(1, podCount / 100)
        let teams = max(10, namespaceCount / 10)
        namespaces = (0..<namespaceCount).map { index in
            Namespace(metadata: ObjectMeta(name: "project-\(index)", labels: ["team": "team-\(index % teams)"]))
        }
        pods = (0..<podCount).map { Self.pod($0, namespace: $0 % namespaceCount) }
        policies = (0..<policyCount).map { Self.policy($0, namespace: $0 % namespaceCount, of: namespaceCount) }
    }

    static func pod(_ index: Int, namespace: Int) -> Pod {
        let labels = ["app": "app-\(index / 100 % 10)", "tier": "tier-\(index % 3)", "pod": "pod-\(index)"]
        let ports = [
            ContainerPort(name: "http", containerPort: 8080), ContainerPort(name: "metrics", containerPort: 9090),
        ]
        let node = index % 100
        let address = "10.\(128 + index / 65_536).\(index / 256 % 256).\(index % 256)"
        return Pod(
            metadata: ObjectMeta(name: "pod-\(index)", namespace: "project-\(namespace)", labels: labels),
            spec: PodSpec(nodeName: "node-\(node)", containers: [Container(name: "main", ports: ports)]),
            status: PodStatus(phase: "Running", podIPs: [address], hostIP: "192.168.1.\(node)"))
    }

    private static func policy(_ index: Int, namespace: Int, of namespaceCount: Int) -> NetworkPolicy {
        let app = "app-\(index / namespaceCount % 10)"
        let other = "project-\((namespace + 1 + index / namespaceCount) % namespaceCount)"
        let everyTier = LabelSelector(matchExpressions: [
            .init(key: "tier", operator: .in, values: ["tier-0", "tier-1"])
        ])
        let peer =
            switch index % 4 {
            case 0: NetworkPolicyPeer(podSelector: LabelSelector(matchLabels: ["app": "app-\(index % 10)"]))
            case 1:
                NetworkPolicyPeer(
                    podSelector: everyTier,
                    namespaceSelector: LabelSelector(matchLabels: ["kubernetes.io/metadata.name": other]))
            case 2: NetworkPolicyPeer(namespaceSelector: LabelSelector(matchLabels: ["team": "team-\(index % 10)"]))
            default:
                NetworkPolicyPeer(
                    ipBlock: IPBlock(cidr: "172.\(16 + index % 16).0.0/16", except: ["172.\(16 + index % 16).4.0/24"]))
            }
        let port =
            switch index % 5 {
            case 0: NetworkPolicyPort(port: .int(80))
            case 1: NetworkPolicyPort(port: .int(8000), endPort: 8100)
            case 2: NetworkPolicyPort(port: .string("http"))
            default: NetworkPolicyPort(protocol: "UDP", port: .int(53))
            }
        var spec = NetworkPolicySpec(podSelector: LabelSelector(matchLabels: ["app": app]))
        spec.policyTypes = [.ingress, .egress]
        spec.ingress = [.init(from: [peer], ports: [port])]
        spec.egress = [.init(to: [peer], ports: index % 5 == 4 ? nil : [port])]
        let metadata = ObjectMeta(name: "policy-\(index)", namespace: "project-\(namespace)")
        return NetworkPolicy(metadata: metadata, spec: spec)
    }
}
