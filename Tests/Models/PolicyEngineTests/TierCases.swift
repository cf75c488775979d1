import ClusterAPI
import PolicyEngine

/// The promises of the API's documentation about tiers, actions and subjects.
enum TierCases {
    private static let denyAll: AnyPolicy = .network(policy("deny", types: [.ingress, .egress]))
    private static let openAll: AnyPolicy = .network(
        policy("open", types: [.ingress, .egress], ingress: [.init()], egress: [.init()]))

    static let order: [TierCase] = [
        TierCase(
            "an admin Allow is final, whatever NetworkPolicy says",
            [denyAll, anp("a", ingress: [from("Allow", pods("y"))], egress: [to("Allow", pods("y"))])],
            allow: ["y/a > x/a 80", "x/a > y/a 80", "y/a > x/a ICMP"], deny: ["z/a > x/a 80", "x/a > z/a 80"]),
        TierCase(
            "an admin Deny is final, whatever NetworkPolicy says",
            [openAll, anp("a", ingress: [from("Deny", pods("y"))])],
            allow: ["z/a > x/a 80", "x/a > y/a 80", "8.8.8.8 > x/a 80"], deny: ["y/a > x/a 80", "y/a > x/a ICMP"]),
        TierCase(
            "Pass skips the rest of the tier and asks NetworkPolicy",
            [
                .network(
                    policy(
                        "only-b",
                        ingress: [.init(from: [.init(podSelector: pod("b"), namespaceSelector: namespace("y"))])])),
                anp("a", 1, ingress: [from("Pass", pods("y")), from("Deny", pods("y"))]),
                anp("b", 2, ingress: [from("Allow", pods())]),
            ], allow: ["y/b > x/a 80", "z/a > x/a 80"], deny: ["y/a > x/a 80"]),
        TierCase(
            "Pass without a NetworkPolicy asks the baseline",
            [anp("a", ingress: [from("Pass", pods("y"))]), banp(ingress: [from("Deny", pods())])],
            deny: ["y/a > x/a 80", "z/a > x/a 80"]),
        TierCase(
            "Pass with nobody to ask is allowed", [anp("a", ingress: [from("Pass", pods("y"))])],
            allow: ["y/a > x/a 80"]),
        TierCase(
            "the baseline is for pods that no NetworkPolicy isolates in that direction",
            [
                .network(policy("p", pods: pod("a"), ingress: [.init()])),
                banp(ingress: [from("Deny", pods())], egress: [to("Deny", pods())]),
            ], allow: ["y/a > x/a 80"], deny: ["y/a > x/b 80", "x/a > y/a 80"]),
        TierCase(
            "Baseline CNPs come before the BaselineAdminNetworkPolicy",
            [
                banp(ingress: [from("Deny", pods())]),
                cnp("late", "Baseline", 1000, ingress: [acceptFrom("Accept", pods("y"))]),
            ], allow: ["y/a > x/a 80"], deny: ["z/a > x/a 80"]),
        TierCase(
            "a Baseline Pass ends in allowed",
            [cnp("p", "Baseline", ingress: [acceptFrom("Pass", pods("y")), acceptFrom("Deny", pods())])],
            allow: ["y/a > x/a 80"], deny: ["z/a > x/a 80"]),
        TierCase(
            "only the BaselineAdminNetworkPolicy named default counts",
            [banp("other", ingress: [from("Deny", pods())])],
            allow: ["y/a > x/a 80"]),
        TierCase(
            "the lowest priority comes first, over both kinds",
            [
                anp("z", 5, ingress: [from("Deny", pods("y"))]),
                cnp("a", "Admin", 4, ingress: [acceptFrom("Accept", pods("y", "b"))]),
                anp("m", 3, ingress: [from("Deny", pods("z"))]),
                cnp("b", "Admin", 6, ingress: [acceptFrom("Accept", pods())]),
            ], allow: ["y/b > x/a 80", "x/b > x/a 80"], deny: ["y/a > x/a 80", "z/b > x/a 80"]),
        TierCase(
            "with one priority, kind and name decide",
            [
                anp("b", 1, ingress: [from("Deny", pods("y"))]), anp("a", 1, ingress: [from("Allow", pods("y", "a"))]),
                cnp("a", "Admin", 1, ingress: [acceptFrom("Accept", pods("y"))]),
            ], allow: ["y/a > x/a 80"], deny: ["y/b > x/a 80"]),
        TierCase(
            "within a policy the first rule decides",
            [anp("a", ingress: [from("Allow", pods("y", "a")), from("Deny", pods("y")), from("Allow", pods("y"))])],
            allow: ["y/a > x/a 80"], deny: ["y/b > x/a 80"]),
        TierCase(
            "a policy without rules of a direction does not affect it", [anp("a", egress: [to("Deny", pods())])],
            allow: ["y/a > x/a 80"], deny: ["x/a > y/a 80"]),
        TierCase(
            "a pod and its own node, and a pod and itself, are above all tiers",
            [
                anp(
                    "a", 0, everywhere, ingress: [from("Deny", ClusterPolicyPeer())],
                    egress: [to("Deny", networks("0.0.0.0/0"))])
            ],
            allow: ["192.168.0.1 > x/a 80", "x/a > 192.168.0.1 80", "x/a > x/a 80"],
            deny: ["192.168.0.2 > x/a 80", "x/a > 192.168.0.2 80"]),
        TierCase(
            "Allow at one end does not open the other end",
            [
                anp("out", 1, egress: [to("Allow", pods())]),
                anp("in", 1, inside("y"), ingress: [from("Deny", pods("x"))]),
            ],
            allow: ["x/a > z/a 80"], deny: ["x/a > y/a 80"]),
    ]

    static let subjects: [TierCase] = [
        TierCase(
            "namespaces: every pod of them", [anp("a", 1, inside("y"), ingress: [from("Deny", pods())])],
            allow: ["x/a > z/a 80"], deny: ["x/a > y/a 80", "x/a > y/c 80"]),
        TierCase(
            "pods: both selectors must match",
            [
                anp(
                    "a", 1,
                    ClusterPolicySubject(
                        pods: NamespacedPods(namespaceSelector: namespace("y"), podSelector: pod("b"))),
                    ingress: [from("Deny", pods())])
            ], allow: ["x/a > y/a 80", "x/a > z/b 80"], deny: ["x/a > y/b 80"]),
        TierCase(
            "empty selectors are everybody",
            [cnp("a", "Admin", 1, everywhere, ingress: [acceptFrom("Deny", pods("x"))])],
            allow: ["y/a > x/a 80"], deny: ["x/a > y/a 80", "x/a > z/a 80", "x/b > x/a 80"]),
    ]
}
