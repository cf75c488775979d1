import APIMachinery
import ClusterAPI
import PolicyAnalysis
import PolicyEngine
import Testing

/// What administrators write and probably do not mean.
@Suite struct ClusterLintTests {
    private static let namespaces = ["x", "y"].map { Namespace(metadata: ObjectMeta(name: $0, labels: ["ns": $0])) }
    private static let knownPods = [("x", "a"), ("x", "b"), ("y", "a")].map { namespace, name in
        Pod(metadata: ObjectMeta(name: name, namespace: namespace, labels: ["pod": name]))
    }
    private static let nodes = [Node(metadata: ObjectMeta(name: "n1", labels: ["role": "worker"]))]
    private static let defaults = ["x", "y"].map { policy("base", in: $0, types: [.ingress, .egress]) }

    /// `object: rule at field`.
    static func findings(
        _ policies: [AnyPolicy], zones: [Zone] = [], network: [NetworkPolicy] = defaults
    ) -> [String] {
        var cluster = ClusterWidePolicies()
        for policy in policies {
            switch policy {
            case .admin(let one): cluster.admins.append(one)
            case .baseline(let one): cluster.baselines.append(one)
            case .cluster(let one): cluster.clusters.append(one)
            case .firewall(let one): cluster.firewalls.append(one)
            case .egress(let one): cluster.egressPolicies.append(one)
            case .network, .metadata: break
            }
        }
        cluster.zones = zones
        cluster.nodes = nodes
        let lint = PolicyLint(pods: knownPods, namespaces: namespaces, policies: network, cluster: cluster)
        return lint.findings().map { finding in
            let subject =
                switch finding.subject {
                case .policy(let key): "\(key)"
                case .object(let reference): reference.key.name
                case .namespace(let name): "namespace \(name)"
                }
            return "\(subject): \(finding.rule.rawValue) at \(FieldPath(finding.path))"
        }
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let policies: [AnyPolicy]
        let expected: [String]

        init(_ promise: String, _ policies: [AnyPolicy], _ expected: [String]) {
            testDescription = promise
            self.policies = policies
            self.expected = expected
        }
    }

    static let cases: [Case] = [
        Case(
            "sound policies",
            [
                anp("a", 1, ingress: [from("Allow", pods("y", "a"), ports: [number(80)]), from("Deny", pods("y"))]),
                cnp("c", "Baseline", 1, ingress: [acceptFrom("Deny", pods())]),
                banp(egress: [to("Deny", networks("10.0.0.0/8"))]),
            ], []),
        Case(
            "a subject in a namespace that is not there",
            [anp("a", 1, inside("z"), ingress: [from("Deny", pods("y"))])],
            ["a: selects-nothing at spec.subject.namespaces"]),
        Case(
            "peers that are nobody: namespaces, pods and nodes",
            [
                anp("a", 1, ingress: [from("Allow", pods("z"), pods("y", "b"))]),
                cnp(
                    "c", "Admin", 2,
                    egress: [
                        acceptTo(
                            "Deny", ClusterPolicyPeer(nodes: LabelSelector(matchLabels: ["role": "master"])))
                    ]),
            ],
            [
                "a: selects-nothing at spec.ingress[0].from[0].namespaces",
                "a: selects-nothing at spec.ingress[0].from[1].pods.podSelector",
                "c: selects-nothing at spec.egress[0].to[0].nodes",
            ]),
        Case(
            "rules after a Deny, a Pass and an Allow of more, of one policy and of an earlier one",
            [
                anp(
                    "a", 1,
                    ingress: [
                        from("Deny", pods("y")), from("Allow", pods("y", "a"), ports: [number(80)]),
                        from("Pass", pods("x", "a")),
                    ]),
                cnp("c", "Admin", 5, ingress: [acceptFrom("Deny", pods("x", "a")), acceptFrom("Accept", pods("y"))]),
            ],
            [
                "a: shadowed-rule at spec.ingress[1]", "c: shadowed-rule at spec.ingress[0]",
                "c: shadowed-rule at spec.ingress[1]",
            ]),
        Case(
            "a Baseline rule after an Admin rule that decides, and not after one that a Pass may go before",
            [
                anp(
                    "a", 1,
                    ingress: [from("Deny", pods("y")), from("Pass", pods("x", "a")), from("Deny", pods("x"))]),
                cnp(
                    "late", "Baseline", 0,
                    ingress: [acceptFrom("Accept", pods("y", "a")), acceptFrom("Deny", pods("x", "a"))]),
            ], ["late: shadowed-rule at spec.ingress[0]"]),
        Case(
            "not after one of other pods, ports, peers, or the other direction",
            [
                anp("a", 1, inside("y"), ingress: [from("Deny", pods())]),
                anp(
                    "b", 2, ingress: [from("Deny", pods(), ports: [number(80)]), from("Allow", pods("y"))],
                    egress: [to("Deny", networks("10.0.0.0/9"))]),
                anp("c", 3, egress: [to("Deny", networks("10.0.0.0/8")), to("Allow", pods("y"))]),
            ], []),
        Case(
            "an Allow to every address, whole or in two halves, and not a Deny of it",
            [
                anp("a", 1, egress: [to("Allow", networks("0.0.0.0/0")), to("Deny", networks("::/0"))]),
                cnp("c", "Admin", 2, egress: [acceptTo("Accept", networks("::/1", "8000::/1"))]),
            ],
            [
                "a: open-to-internet at spec.egress[0].to[0].networks[0]",
                "c: shadowed-rule at spec.egress[0]", "c: open-to-internet at spec.egress[0].to[0].networks[0]",
            ]),
        Case(
            "networks in one another, in one rule",
            [anp("a", 1, egress: [to("Deny", networks("10.1.0.0/16"), networks("10.0.0.0/8"))])],
            ["a: overlapping-blocks at spec.egress[0].to[0].networks[0]"]),
        Case(
            "one priority for two policies of a tier",
            [
                anp("a", 7, ingress: [from("Deny", pods("y"))]),
                cnp("c", "Admin", 7, egress: [acceptTo("Deny", pods("y"))]),
            ],
            ["a: priority-tie at spec.priority", "c: priority-tie at spec.priority"]),
        Case(
            "names are enforced",
            [anp("a", 7, egress: [to("Allow", ClusterPolicyPeer(domainNames: ["a.example"]))])], []),
        Case(
            "a policy that the API refuses is left to its errors",
            [anp("a", 1001, inside("z"), ingress: [from("Allow", pods("z"))])], []),
    ]

    @Test("each oddity is found at its field, and nothing else is", arguments: cases)
    func finding(_ one: Case) { #expect(Self.findings(one.policies) == one.expected) }

    private static func zone(_ name: String, _ order: Int, _ change: (inout ZoneSpec) -> Void = { _ in }) -> Zone {
        var spec = ZoneSpec(order: order, namespaceSelector: namespace(name), external: "Allow")
        change(&spec)
        return Zone(name: name, spec: spec)
    }

    @Test("zones that divide the cluster well are not spoken of")
    func soundZones() { #expect(Self.findings([], zones: [Self.zone("x", 1), Self.zone("y", 2)]) == []) }

    @Test("holes from nowhere and to nobody, blocks of two zones, one order for two, namespaces in no zone")
    func zoneFaults() {
        let x = Self.zone("x", 1) { spec in
            spec.cidrs = ["10.0.0.0/8"]
            spec.holes = [
                ZoneSpec.Hole(from: .init(zone: "nowhere"), owner: "o", reason: "r"),
                ZoneSpec.Hole(
                    from: .init(zone: "y", podSelector: pod("b")), to: .init(podSelector: pod("c")), owner: "o",
                    reason: "r"),
            ]
        }
        let y = Self.zone("y", 1) { spec in
            spec.namespaceSelector = namespace("z")
            spec.nodeSelector = LabelSelector(matchLabels: ["role": "master"])
            spec.cidrs = ["10.1.0.0/16"]
        }
        #expect(
            Self.findings([], zones: [x, y]) == [
                "x: selects-nothing at spec.holes[1].to.podSelector", "y: selects-nothing at spec.namespaceSelector",
                "y: selects-nothing at spec.nodeSelector", "x: zone-fault at spec.cidrs",
                "x: zone-fault at spec.holes[0].from.zone", "x: zone-fault at spec.order",
                "y: zone-fault at spec.cidrs", "y: zone-fault at spec.order", "namespace y: zone-fault at ",
            ])
    }

    @Test("a Deny of all pods, in Baseline or Admin, or a closed zone, is a default deny")
    func defaultDenies() {
        #expect(Self.findings([], network: []).count == 2)
        let both = banp("default", everywhere, ingress: [from("Deny", pods())], egress: [to("Deny", pods())])
        #expect(Self.findings([both], network: []) == [])
        let one = cnp("c", "Admin", 3, ingress: [acceptFrom("Deny", pods())], egress: [acceptTo("Deny", pods())])
        #expect(Self.findings([one], network: []) == ["namespace y: no-default-deny at "])
        let closed = ["x", "y"].enumerated().map { order, name in Self.zone(name, order) { $0.external = nil } }
        #expect(Self.findings([], zones: closed, network: []) == [])
        #expect(Self.findings([], zones: [closed[0], Self.zone("y", 1)], network: []).count == 1)
    }
}
