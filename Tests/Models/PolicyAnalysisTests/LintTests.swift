import APIMachinery
import ClusterAPI
import PolicyAnalysis
import Testing

/// One table case: a policy in namespace `x`, and what is odd about it.
struct LintCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let policies: [NetworkPolicy]
    /// `rule at field`.
    let expected: [String]

    init(_ promise: String, _ policies: [NetworkPolicy], _ expected: [String]) {
        testDescription = promise
        self.policies = policies
        self.expected = expected
    }
}

@Suite struct LintTests {
    private static let everyone = policy("base", types: [.ingress, .egress])
    private static let namespaces = ["x", "y"].map { Namespace(metadata: ObjectMeta(name: $0, labels: ["ns": $0])) }
    private static let pods = [("x", "a"), ("x", "b"), ("y", "a")].map { namespace, name in
        Pod(metadata: ObjectMeta(name: name, namespace: namespace, labels: ["pod": name]))
    }

    private static func findings(_ policies: [NetworkPolicy], pods: [Pod] = pods) -> [String] {
        let defaults = [everyone, policy("base", in: "y", types: [.ingress, .egress])]
        return PolicyLint(pods: pods, namespaces: namespaces, policies: defaults + policies).findings().map { finding in
            "\(finding.rule.rawValue) at \(FieldPath(finding.path))"
        }
    }

    private static func from(_ peers: NetworkPolicyPeer..., ports: [NetworkPolicyPort]? = nil)
        -> NetworkPolicySpec.IngressRule
    {
        .init(from: peers, ports: ports)
    }

    private static func to(_ peers: NetworkPolicyPeer..., ports: [NetworkPolicyPort]? = nil)
        -> NetworkPolicySpec.EgressRule
    {
        .init(to: peers, ports: ports)
    }

    private static let b = NetworkPolicyPeer(podSelector: pod("b"))
    private static let http = [NetworkPolicyPort(port: .int(80))]

    static let cases: [LintCase] = [
        LintCase("a sound policy", [policy("p", pods: pod("a"), ingress: [from(b, ports: http)])], []),
        LintCase(
            "a subject that no pod has", [policy("p", pods: pod("c"), ingress: [from(b)])],
            ["selects-nothing at spec.podSelector"]),
        LintCase(
            "a peer that no pod of the own namespace has",
            [policy("p", pods: pod("a"), ingress: [from(.init(podSelector: pod("c")))])],
            ["selects-nothing at spec.ingress[0].from[0].podSelector"]),
        LintCase(
            "a peer that is in another namespace only",
            [
                policy(
                    "p", pods: pod("a"), egress: [to(.init(podSelector: pod("b"), namespaceSelector: namespace("y")))])
            ],
            [
                "selects-nothing at spec.egress[0].to[0].podSelector", "accidental-isolation at spec.egress",
            ]),
        LintCase(
            "a namespace that is not there",
            [policy("p", pods: pod("a"), ingress: [from(.init(namespaceSelector: namespace("z")))])],
            ["selects-nothing at spec.ingress[0].from[0].namespaceSelector"]),
        LintCase(
            "egress cut by policyTypes alone",
            [policy("p", pods: pod("a"), types: [.ingress, .egress], ingress: [from(b)])],
            ["accidental-isolation at spec.policyTypes"]),
        LintCase(
            "ingress cut because policyTypes is absent", [policy("p", pods: pod("a"), egress: [to(b)])],
            ["accidental-isolation at spec.egress"]),
        LintCase(
            "an allow policy that allows nothing", [policy("allow-web", pods: pod("a"), ingress: [])],
            ["accidental-isolation at spec.ingress"]),
        LintCase("a deny policy that allows nothing", [policy("deny-web", pods: pod("a"), ingress: [])], []),
        LintCase(
            "rules of a direction that policyTypes leaves out",
            [policy("p", pods: pod("a"), types: [.ingress], ingress: [from(b)], egress: [to(b)])],
            ["ignored-rules at spec.egress"]),
        LintCase(
            "an empty list of peers", [policy("p", pods: pod("a"), ingress: [.init(from: [], ports: http)])],
            ["empty-means-everyone at spec.ingress[0].from"]),
        LintCase(
            "everything from everywhere", [policy("p", pods: pod("a"), ingress: [.init()])],
            ["open-to-internet at spec.ingress[0]"]),
        LintCase(
            "some ports from everywhere", [policy("p", pods: pod("a"), ingress: [.init(ports: http)])],
            ["open-to-internet at spec.ingress[0]"]),
        LintCase(
            "every address in two halves, one of them without an exception that the other rule has",
            [
                policy(
                    "p", pods: pod("a"),
                    ingress: [
                        from(block("0.0.0.0/1"), block("128.0.0.0/1"), ports: http),
                        from(block("::/1"), block("8000::/1", except: ["ff00::/8"])),
                    ])
            ], ["open-to-internet at spec.ingress[0].from[0].ipBlock.cidr"]),
        LintCase(
            "every address, with ports and exceptions",
            [
                policy(
                    "p", pods: pod("a"), types: [.egress],
                    egress: [
                        to(block("0.0.0.0/0", except: ["10.0.0.0/8"]), ports: http), to(block("::/0"), ports: http),
                    ])
            ],
            [
                "open-to-internet at spec.egress[0].to[0].ipBlock.cidr",
                "open-to-internet at spec.egress[1].to[0].ipBlock.cidr",
            ]),
        LintCase(
            "blocks in one another, in one rule",
            [policy("p", pods: pod("a"), ingress: [from(block("10.1.0.0/16"), block("10.0.0.0/8"))])],
            ["overlapping-blocks at spec.ingress[0].from[0].ipBlock.cidr"]),
        LintCase(
            "an exception that another block opens again, and one in another",
            [
                policy(
                    "p", pods: pod("a"),
                    ingress: [from(block("10.0.0.0/8", except: ["10.1.0.0/16", "10.1.1.0/24"]), block("10.1.0.0/24"))])
            ],
            [
                "overlapping-blocks at spec.ingress[0].from[0].ipBlock.except[1]",
                "overlapping-blocks at spec.ingress[0].from[1].ipBlock.cidr",
            ]),
        LintCase(
            "a rule that a wider one of another policy makes needless",
            [
                policy("narrow", pods: pod("a"), ingress: [from(b, ports: http)]),
                policy(
                    "wide",
                    ingress: [from(.init(podSelector: LabelSelector()), ports: [.init(port: .int(1), endPort: 90)])]),
            ],
            ["shadowed-rule at spec.ingress[0]"]),
        LintCase(
            "of two equal rules the later",
            [policy("p", pods: pod("a"), ingress: [from(b), from(b)])], ["shadowed-rule at spec.ingress[1]"]),
        LintCase(
            "rules that only look alike: other pods, other ports, other direction",
            [
                policy("one", pods: pod("a"), ingress: [from(b, ports: http)]),
                policy("two", pods: pod("b"), ingress: [from(b)]),
                policy("three", pods: pod("a"), ingress: [from(b, ports: [.init(protocol: "UDP", port: .int(80))])]),
                policy("four", pods: pod("a"), types: [.egress], egress: [to(b)]),
            ], []),
    ]

    @Test("each oddity is found at its field, and nothing else is", arguments: cases)
    func finding(_ one: LintCase) { #expect(Self.findings(one.policies) == one.expected) }

    @Test("a namespace without a default deny is named, with the directions that lack it")
    func defaultDeny() {
        let lint = PolicyLint(
            pods: Self.pods, namespaces: Self.namespaces, policies: [policy("deny", types: [.ingress])])
        let findings = lint.findings()
        #expect(findings.map(\.subject) == [.namespace("x"), .namespace("y")])
        #expect(findings.map { $0.message.prefix(44) }.first == "no default deny for egress: a pod that no po")
        #expect(findings.last?.message.hasPrefix("no default deny for ingress and egress:") == true)
    }

    @Test("without any pod nothing is said about what selectors match")
    func noPods() {
        #expect(Self.findings([policy("p", pods: pod("c"), ingress: [Self.from(Self.b)])], pods: []) == [])
    }

    @Test("a policy that the API refuses is left to its errors")
    func invalid() {
        let broken = policy("p", pods: pod("c"), ingress: [Self.from(block("10.0.0.0/33"))])
        #expect(Self.findings([broken]) == [])
    }
}
