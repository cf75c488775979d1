import ClusterAPI
import PolicyEngine

extension TierCases {
    private static func named(_ name: String) -> [AdminNetworkPolicySpec.Port] { [.init(namedPort: name)] }
    private static func tcp(_ port: ClusterNetworkPolicySpec.Port? = nil) -> ClusterNetworkPolicySpec.TransportMatch {
        .init(tcp: .init(destinationPort: port))
    }

    static let peers: [TierCase] = [
        TierCase(
            "namespaces as peers: their pods and nobody outside", [anp("a", ingress: [from("Deny", pods())])],
            allow: ["8.8.8.8 > x/a 80", "192.168.0.2 > x/a 80"], deny: ["y/a > x/a 80", "x/b > x/a 80"]),
        TierCase(
            "pods as peers: both selectors", [anp("a", ingress: [from("Deny", pods("y", "b"))])],
            allow: ["y/a > x/a 80", "z/b > x/a 80"], deny: ["y/b > x/a 80"]),
        TierCase(
            "several peers: any of them", [anp("a", ingress: [from("Deny", pods("y"), pods("z", "a"))])],
            allow: ["z/b > x/a 80"], deny: ["y/a > x/a 80", "z/a > x/a 80"]),
        TierCase(
            "networks: outside, pods and nodes inside them",
            [anp("a", egress: [to("Deny", networks("10.0.0.4/30", "192.168.0.2/32", "198.51.100.0/24"))])],
            allow: ["x/a > 10.0.0.3 80", "x/a > z/b 80", "x/a > 192.168.0.3 80", "x/a > 198.51.101.1 80"],
            deny: ["x/a > y/a 80", "x/a > z/a 80", "x/a > 192.168.0.2 80", "x/a > 198.51.100.1 ICMP"]),
        TierCase(
            "networks of one family do not touch the other", [cnp("a", egress: [acceptTo("Deny", networks("::/0"))])],
            allow: ["10.0.0.1 > 10.0.0.4 80"], deny: ["fd00::1 > fd00::4 80"]),
        TierCase(
            "nodes by label: all of their addresses",
            [cnp("a", egress: [acceptTo("Deny", ClusterPolicyPeer(nodes: LabelSelector(matchLabels: ["zone": "b"])))])],
            allow: ["x/a > 192.168.0.3 80", "x/a > y/a 80", "x/a > 8.8.8.8 80"],
            deny: ["x/a > 192.168.0.2 80", "x/a > 192.168.0.2 ICMP", "x/a > 203.0.113.2 80"]),
        TierCase(
            "an empty selector of nodes is all nodes",
            [anp("a", egress: [to("Deny", ClusterPolicyPeer(nodes: LabelSelector()))])],
            allow: ["x/a > y/a 80", "x/a > 192.168.0.1 80"], deny: ["x/a > 192.168.0.2 80", "x/a > 192.168.0.3 80"]),
        TierCase(
            "the documented way to deny the outside only: pass pods first",
            [anp("a", egress: [to("Pass", pods()), to("Deny", networks("0.0.0.0/0", "::/0"))])],
            allow: ["x/a > y/a 80", "x/a > x/b 80"], deny: ["x/a > 8.8.8.8 80", "x/a > 192.168.0.2 80"]),
        TierCase(
            "an Allow by name is about nobody while nothing was learned, its other peers hold",
            [
                anp(
                    "a",
                    egress: [
                        to("Allow", ClusterPolicyPeer(domainNames: ["*.example.org"]), networks("198.51.100.1/32")),
                        to("Deny", networks("0.0.0.0/0")),
                    ])
            ], allow: ["x/a > 198.51.100.1 80"], deny: ["x/a > 198.51.100.2 80"]),
    ]

    static let ports: [TierCase] = [
        TierCase(
            "a number is of TCP unless said otherwise",
            [anp("a", ingress: [from("Deny", pods(), ports: [number(80)])])],
            allow: ["y/a > x/a 81", "y/a > x/a 80 UDP", "y/a > x/a ICMP"], deny: ["y/a > x/a 80"]),
        TierCase(
            "numbers of UDP and SCTP",
            [anp("a", ingress: [from("Deny", pods(), ports: [number(53, "UDP"), number(80, "SCTP")])])],
            allow: ["y/a > x/a 53", "y/a > x/a 80 UDP"], deny: ["y/a > x/a 53 UDP", "y/a > x/a 80 SCTP"]),
        TierCase(
            "ranges have both ends",
            [
                anp("a", ingress: [from("Deny", pods(), ports: [.init(portRange: .init(start: 80, end: 82))])]),
                cnp("a", egress: [acceptTo("Deny", pods(), protocols: [tcp(.init(range: .init(start: 90, end: 91)))])]),
            ], allow: ["y/a > x/a 79", "y/a > x/a 83", "x/a > y/a 89", "x/a > y/a 92", "y/a > x/a 81 UDP"],
            deny: ["y/a > x/a 80", "y/a > x/a 82", "x/a > y/a 90", "x/a > y/a 91"]),
        TierCase(
            "tcp: {} is all of TCP", [cnp("a", ingress: [acceptFrom("Deny", pods(), protocols: [tcp()])])],
            allow: ["y/a > x/a 80 UDP", "y/a > x/a ICMP"], deny: ["y/a > x/a 1", "y/a > x/a 65535"]),
        TierCase(
            "absent ports are everything, ICMP too", [cnp("a", ingress: [acceptFrom("Deny", pods())])],
            deny: ["y/a > x/a 80", "y/a > x/a 80 SCTP", "y/a > x/a ICMP"]),
        TierCase(
            "a named port is the subject's container port, of whatever protocol",
            [anp("a", ingress: [from("Deny", pods(), ports: named("serve-81-udp"))])],
            allow: ["y/a > x/a 81", "y/a > x/a 80 UDP"], deny: ["y/a > x/a 81 UDP"]),
        TierCase(
            "a named port in egress is the destination's",
            [
                cnp(
                    "a",
                    egress: [acceptTo("Deny", pods("y"), protocols: [.init(destinationNamedPort: "serve-80-sctp")])])
            ], allow: ["x/a > y/a 80", "x/a > z/a 80 SCTP", "x/a > 8.8.8.8 80 SCTP"], deny: ["x/a > y/a 80 SCTP"]),
        TierCase(
            "a named port that nobody has is no port",
            [anp("a", ingress: [from("Deny", pods(), ports: named("nobody-has"))])],
            allow: ["y/a > x/a 80", "y/a > x/a ICMP"]),
        TierCase(
            "first match per port",
            [
                anp(
                    "a",
                    ingress: [
                        from("Allow", pods("y", "b"), ports: [number(80)]),
                        from("Deny", pods("y"), ports: [number(80)]),
                        from("Pass", pods(), ports: [number(443)]), from("Deny", pods("z")),
                    ])
            ], allow: ["y/b > x/a 80", "y/a > x/a 81", "z/a > x/a 443", "y/a > x/a 80 UDP"],
            deny: ["y/a > x/a 80", "z/a > x/a 80", "z/a > x/a ICMP", "z/a > x/a 443 UDP"]),
    ]
}
