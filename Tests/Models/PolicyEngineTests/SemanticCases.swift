import ClusterAPI
import PolicyEngine

/// The promises that `SemanticsTests` checks: isolation and ports.
enum SemanticCases {
    static let isolation: [SemanticCase] = [
        SemanticCase(
            "no policy: everything passes", [], allow: ["x/a > y/b 80", "x/a > 8.8.8.8 53 UDP", "8.8.8.8 > x/a 80"]),
        SemanticCase(
            "ingress absent denies all ingress, and nothing else", [policy("deny")], allow: ["x/a > y/b 80"],
            deny: ["y/b > x/a 80", "x/b > x/a 80", "8.8.8.8 > x/a 80", "y/b > x/a ICMP"]),
        SemanticCase("ingress [] denies", [policy("deny", ingress: [])], deny: ["y/b > x/a 80"]),
        SemanticCase(
            "ingress [{}] allows everything, ICMP too", [policy("open", ingress: [.init()])],
            allow: ["y/b > x/a 80", "8.8.8.8 > x/a 9 SCTP", "y/b > x/a ICMP"]),
        SemanticCase(
            "from [] and ports [] are everything", [policy("open", ingress: [.init(from: [], ports: [])])],
            allow: ["y/b > x/a 80", "y/b > x/a ICMP"]),
        SemanticCase(
            "policyTypes Egress without rules denies egress only", [policy("e", types: [.egress])],
            allow: ["y/b > x/a 80"], deny: ["x/a > y/b 80", "x/a > 8.8.8.8 80", "x/a > x/b 80"]),
        SemanticCase(
            "egress rules isolate egress, and ingress too, without policyTypes", [policy("e", egress: [.init()])],
            allow: ["x/a > y/b 80"], deny: ["y/b > x/a 80"]),
        SemanticCase(
            "egress [] without policyTypes isolates ingress alone", [policy("e", egress: [])],
            allow: ["x/a > y/b 80"], deny: ["y/b > x/a 80"]),
        SemanticCase(
            "ingress rules under policyTypes Egress are without effect",
            [policy("e", types: [.egress], ingress: [.init(from: [NetworkPolicyPeer(podSelector: pod("b"))])])],
            allow: ["y/c > x/a 80"], deny: ["x/a > y/b 80"]),
        SemanticCase(
            "both ends must allow",
            [
                policy("in", in: "y", ingress: [.init(from: [NetworkPolicyPeer(namespaceSelector: namespace("x"))])]),
                policy(
                    "out", types: [.egress], egress: [.init(to: [NetworkPolicyPeer(namespaceSelector: namespace("y"))])]
                ),
            ], allow: ["x/a > y/b 80"], deny: ["x/a > z/b 80", "z/a > y/b 80"]),
        SemanticCase(
            "policies unite",
            [
                policy("deny"), policy("b", ingress: [.init(from: [NetworkPolicyPeer(podSelector: pod("b"))])]),
                policy("c", ingress: [.init(ports: [NetworkPolicyPort(port: .int(81))])]),
            ], allow: ["x/b > x/a 80", "y/c > x/a 81"], deny: ["y/c > x/a 80"]),
        SemanticCase(
            "only the selected pods are isolated", [policy("a", pods: pod("a"))], allow: ["y/b > x/b 80"],
            deny: ["y/b > x/a 80"]),
        SemanticCase(
            "a pod always reaches itself", [policy("all", types: [.ingress, .egress])],
            allow: ["x/a > x/a 80", "10.0.0.1 > 10.0.0.1 80", "x/a > 10.0.0.1 80"], deny: ["x/a > x/b 80"]),
        SemanticCase(
            "a pod and its own node always reach each other", [policy("all", types: [.ingress, .egress])],
            allow: ["192.168.0.1 > x/a 80", "x/a > 192.168.0.1 443", "192.168.0.1 > x/a ICMP"],
            deny: ["192.168.0.2 > x/a 80", "x/a > 192.168.0.2 443"]),
    ]

    static let ports: [SemanticCase] = [
        SemanticCase(
            "protocol is TCP when absent", [policy("p", ingress: [.init(ports: [NetworkPolicyPort(port: .int(80))])])],
            allow: ["y/b > x/a 80"], deny: ["y/b > x/a 81", "y/b > x/a 80 UDP", "y/b > x/a 80 SCTP", "y/b > x/a ICMP"]),
        SemanticCase(
            "port absent is every port of the protocol",
            [policy("p", ingress: [.init(ports: [NetworkPolicyPort(protocol: "SCTP")])])],
            allow: ["y/b > x/a 1 SCTP", "y/b > x/a 65535 SCTP"], deny: ["y/b > x/a 80", "y/b > x/a ICMP"]),
        SemanticCase(
            "endPort is a range with both ends",
            [policy("p", ingress: [.init(ports: [NetworkPolicyPort(port: .int(80), endPort: 82)])])],
            allow: ["y/b > x/a 80", "y/b > x/a 81", "y/b > x/a 82"],
            deny: ["y/b > x/a 79", "y/b > x/a 83", "y/b > x/a 81 UDP"]),
        SemanticCase(
            "a named port is found by name and protocol on the target",
            [policy("p", ingress: [.init(ports: [NetworkPolicyPort(port: .string("serve-81-tcp"))])])],
            allow: ["y/b > x/a 81"], deny: ["y/b > x/a 80", "y/b > x/a 81 UDP"]),
        SemanticCase(
            "a named port of another protocol is no port",
            [policy("p", ingress: [.init(ports: [NetworkPolicyPort(protocol: "UDP", port: .string("serve-81-tcp"))])])],
            deny: ["y/b > x/a 81", "y/b > x/a 81 UDP"]),
        SemanticCase(
            "a named egress port is found on the destination, never outside",
            [policy("p", types: [.egress], egress: [.init(ports: [NetworkPolicyPort(port: .string("serve-80-tcp"))])])],
            allow: ["x/a > y/b 80", "x/a > 10.0.0.5 80"],
            deny: ["x/a > y/b 81", "x/a > 8.8.8.8 80", "x/a > 192.168.0.2 80"]),
        SemanticCase(
            "rules do not mix their ports and peers",
            [
                policy(
                    "p",
                    ingress: [
                        .init(
                            from: [NetworkPolicyPeer(podSelector: pod("b"))], ports: [NetworkPolicyPort(port: .int(80))]
                        ),
                        .init(
                            from: [NetworkPolicyPeer(podSelector: pod("c"))], ports: [NetworkPolicyPort(port: .int(81))]
                        ),
                    ])
            ], allow: ["x/b > x/a 80", "x/c > x/a 81"], deny: ["x/b > x/a 81", "x/c > x/a 80"]),
        SemanticCase(
            "a rule with one unresolved name does not open",
            [
                policy("p", ingress: [.init(ports: [NetworkPolicyPort(port: .string("nobody-has-it"))])])
            ], deny: ["y/b > x/a 80", "y/b > x/a ICMP"]),
    ]
}
