import ClusterAPI
import PolicyEngine

extension SemanticCases {
    private static func allow(_ peers: NetworkPolicyPeer...) -> [NetworkPolicy] {
        [policy("p", pods: pod("a"), ingress: [.init(from: peers)])]
    }

    private static func expression(
        _ key: String, _ operation: LabelSelector.Operator, _ values: [String]? = nil
    ) -> LabelSelector {
        LabelSelector(matchExpressions: [.init(key: key, operator: operation, values: values)])
    }

    static let peers: [SemanticCase] = [
        SemanticCase(
            "podSelector alone looks in the policy's namespace", allow(NetworkPolicyPeer(podSelector: pod("b"))),
            allow: ["x/b > x/a 80"], deny: ["y/b > x/a 80", "x/c > x/a 80", "8.8.8.8 > x/a 80"]),
        SemanticCase(
            "an empty podSelector is every pod of the namespace and nobody else",
            allow(NetworkPolicyPeer(podSelector: LabelSelector())), allow: ["x/b > x/a 80", "x/c > x/a ICMP"],
            deny: ["y/b > x/a 80", "8.8.8.8 > x/a 80", "192.168.0.2 > x/a 80"]),
        SemanticCase(
            "namespaceSelector alone is every pod of those namespaces",
            allow(NetworkPolicyPeer(namespaceSelector: namespace("y"))), allow: ["y/a > x/a 80", "y/c > x/a 80"],
            deny: ["x/b > x/a 80", "z/a > x/a 80"]),
        SemanticCase(
            "an empty namespaceSelector is every pod and nobody outside",
            allow(NetworkPolicyPeer(namespaceSelector: LabelSelector())), allow: ["y/a > x/a 80", "x/b > x/a 80"],
            deny: ["8.8.8.8 > x/a 80", "192.168.0.2 > x/a 80"]),
        SemanticCase(
            "both selectors in one peer: AND",
            allow(NetworkPolicyPeer(podSelector: pod("b"), namespaceSelector: namespace("y"))),
            allow: ["y/b > x/a 80"], deny: ["y/a > x/a 80", "x/b > x/a 80"]),
        SemanticCase(
            "two peers: OR",
            allow(NetworkPolicyPeer(podSelector: pod("b")), NetworkPolicyPeer(namespaceSelector: namespace("y"))),
            allow: ["y/a > x/a 80", "x/b > x/a 80"], deny: ["x/c > x/a 80", "z/b > x/a 80"]),
        SemanticCase(
            "kubernetes.io/metadata.name selects a namespace by name",
            allow(
                NetworkPolicyPeer(namespaceSelector: LabelSelector(matchLabels: ["kubernetes.io/metadata.name": "z"]))),
            allow: ["z/a > x/a 80"], deny: ["y/a > x/a 80"]),
        SemanticCase(
            "In and NotIn", allow(NetworkPolicyPeer(namespaceSelector: expression("ns", .in, ["y", "z"]))),
            allow: ["y/a > x/a 80", "z/a > x/a 80"], deny: ["x/b > x/a 80"]),
        SemanticCase(
            "NotIn matches where the key is absent",
            allow(NetworkPolicyPeer(podSelector: expression("absent", .notIn, ["q"]))), allow: ["x/b > x/a 80"],
            deny: ["y/b > x/a 80"]),
        SemanticCase(
            "Exists and DoesNotExist",
            allow(
                NetworkPolicyPeer(podSelector: expression("absent", .exists)),
                NetworkPolicyPeer(podSelector: pod("c"), namespaceSelector: expression("absent", .doesNotExist))),
            allow: ["y/c > x/a 80", "x/c > x/a 80"], deny: ["x/b > x/a 80"]),
        SemanticCase(
            "ipBlock with except, at both edges", allow(block("10.0.0.0/24", except: ["10.0.0.4/30"])),
            allow: ["10.0.0.3 > x/a 80", "10.0.0.8 > x/a 80", "x/c > x/a 80", "z/b > x/a 80", "10.0.0.99 > x/a 80"],
            deny: ["10.0.0.4 > x/a 80", "y/a > x/a 80", "10.0.0.7 > x/a 80", "10.0.1.0 > x/a 80"]),
        SemanticCase(
            "ipBlock matches nodes and outside addresses",
            allow(block("192.168.0.2/32"), block("198.51.100.0/24", except: ["198.51.100.128/25"])),
            allow: ["192.168.0.2 > x/a 80", "198.51.100.127 > x/a 80"],
            deny: ["192.168.0.3 > x/a 80", "198.51.100.128 > x/a 80"]),
        SemanticCase(
            "an except of one block does not cut another block",
            allow(block("10.0.0.0/24", except: ["10.0.0.4/32"]), block("10.0.0.4/32")), allow: ["10.0.0.4 > x/a 80"]),
        SemanticCase(
            "IPv6 blocks match IPv6 only", allow(block("fd00::/125", except: ["fd00::4/127"])),
            allow: ["fd00::2 > fd00::1 80", "fd00::6 > x/a 80"],
            deny: ["fd00::4 > x/a 80", "fd00::8 > x/a 80", "10.0.0.2 > 10.0.0.1 80"]),
        SemanticCase(
            "egress to a block is the real destination",
            [policy("e", types: [.egress], egress: [.init(to: [block("198.51.100.0/24")])])],
            allow: ["x/a > 198.51.100.1 443"], deny: ["x/a > 198.51.101.1 443", "x/a > y/b 80"]),
    ]
}
