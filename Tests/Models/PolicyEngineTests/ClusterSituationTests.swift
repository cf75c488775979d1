import ClusterAPI
import NetworkTypes
import PolicyEngine
import Testing

/// Situations of a living cluster: updates, host network, ended pods, missing objects, broken policies.
@Suite struct ClusterSituationTests {
    private let toA = policy("p", pods: pod("a"), ingress: [.init(from: [NetworkPolicyPeer(podSelector: pod("b"))])])

    @Test("a policy's update and removal hold at once")
    func policyUpdate() {
        var scene = Scene(policy("p"))
        #expect(!scene.verdict("y/a > x/a 80").allowed)
        scene.engine.upsert(policy("p", ingress: [.init()]))
        #expect(scene.verdict("y/a > x/a 80").allowed)
        scene.engine.upsert(policy("p", pods: pod("b")))
        #expect(scene.verdict("y/a > x/a 80").allowed)
        #expect(!scene.verdict("y/a > x/b 80").allowed)
        scene.engine.removeNetworkPolicy(ObjectKey(namespace: "x", name: "p"))
        #expect(scene.verdict("y/a > x/b 80").allowed)
    }

    @Test("a pod's new label brings it in and out of peers and subjects")
    func podRelabel() {
        var scene = Scene(toA)
        #expect(!scene.verdict("x/c > x/a 80").allowed)
        scene.engine.upsert(Scene.pod("x", "c", host: 3, node: "n1", labels: ["pod": "b"]))
        #expect(scene.verdict("x/c > x/a 80").allowed)
        scene.engine.upsert(Scene.pod("x", "c", host: 3, node: "n1", labels: ["pod": "a"]))
        #expect(!scene.verdict("x/c > x/a 80").allowed)
        #expect(!scene.verdict("y/b > x/c 80").allowed)
    }

    @Test("a namespace's new label, and its object's removal, bring its pods in and out")
    func namespaceRelabel() {
        let fromTeam = NetworkPolicyPeer(namespaceSelector: LabelSelector(matchLabels: ["team": "red"]))
        var scene = Scene(policy("p", ingress: [.init(from: [fromTeam])]))
        #expect(!scene.verdict("y/a > x/a 80").allowed)
        scene.engine.upsert(Namespace(metadata: ObjectMeta(name: "y", labels: ["team": "red"])))
        #expect(scene.verdict("y/a > x/a 80").allowed)
        scene.engine.removeNamespace("y")
        #expect(!scene.verdict("y/a > x/a 80").allowed)
    }

    @Test("a namespace without object has the label kubernetes.io/metadata.name and no other")
    func missingNamespace() {
        var engine = PolicyEngine()
        engine.upsert(Scene.pod("q", "a", host: 1, node: "n1"))
        engine.upsert(Scene.pod("r", "a", host: 2, node: "n1"))
        let byName = LabelSelector(matchLabels: ["kubernetes.io/metadata.name": "r"])
        engine.upsert(policy("p", in: "q", ingress: [.init(from: [NetworkPolicyPeer(namespaceSelector: byName)])]))
        let flow = Flow(from: Scene.party("r/a"), to: Scene.party("q/a"), transport: .tcp, port: 1)
        #expect(engine.verdict(for: flow).allowed)
    }

    /// A namespaceSelector, and whether it matches namespace r while r's object was not seen, offline and live.
    struct UnseenCase: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let selector: LabelSelector
        let complete: Bool
        let live: Bool

        init(_ text: String, _ selector: LabelSelector, complete: Bool, live: Bool) {
            testDescription = text
            self.selector = selector
            self.complete = complete
            self.live = live
        }

        static func requirement(
            _ key: String, _ operation: LabelSelector.Operator, _ values: [String]? = nil
        ) -> LabelSelector {
            LabelSelector(matchExpressions: [.init(key: key, operator: operation, values: values)])
        }

        static let name = "kubernetes.io/metadata.name"
        static let all: [UnseenCase] = [
            .init("empty", LabelSelector(), complete: true, live: true),
            .init("by name", LabelSelector(matchLabels: [name: "r"]), complete: true, live: true),
            .init("by another name", LabelSelector(matchLabels: [name: "q"]), complete: false, live: false),
            .init("name NotIn", requirement(name, .notIn, ["q"]), complete: true, live: true),
            .init("name Exists", requirement(name, .exists), complete: true, live: true),
            .init("label", LabelSelector(matchLabels: ["team": "red"]), complete: false, live: false),
            .init("NotIn", requirement("team", .notIn, ["red"]), complete: true, live: false),
            .init("DoesNotExist", requirement("team", .doesNotExist), complete: true, live: false),
            .init("Exists", requirement("team", .exists), complete: false, live: false),
            .init("In", requirement("team", .in, ["red"]), complete: false, live: false),
            .init(
                "by name and NotIn",
                LabelSelector(
                    matchLabels: [name: "r"],
                    matchExpressions: [.init(key: "team", operator: .notIn, values: ["red"])]),
                complete: true, live: false),
        ]
    }

    @Test(
        "a live engine opens nothing by labels of a namespace that it has not seen, until it sees it",
        arguments: UnseenCase.all, [PolicyEngine.Input.complete, .live])
    func unseenNamespace(unseen: UnseenCase, input: PolicyEngine.Input) {
        let peer = NetworkPolicyPeer(namespaceSelector: unseen.selector)
        let serving = NetworkPolicyPort(port: .string("serve-80-tcp"))
        let flow = Flow(from: Scene.party("r/a"), to: Scene.party("q/a"), transport: .tcp, port: 80)
        let back = Flow(from: Scene.party("q/a"), to: Scene.party("r/a"), transport: .tcp, port: 80)
        let isOpen = input == .live ? unseen.live : unseen.complete
        for policyFirst in [true, false] {
            var engine = PolicyEngine(input: input)
            let rules = policy(
                "p", in: "q", types: [.ingress, .egress], ingress: [.init(from: [peer])],
                egress: [.init(to: [peer], ports: [serving])])
            if policyFirst { engine.upsert(rules) }
            engine.upsert(Scene.pod("q", "a", host: 1, node: "n1"))
            engine.upsert(Scene.pod("r", "a", host: 2, node: "n1"))
            if !policyFirst { engine.upsert(rules) }
            let unseenMembers = engine.peerSets.map { engine.members(of: $0) }
            #expect(engine.verdict(for: flow).allowed == isOpen)
            #expect(engine.verdict(for: back).allowed == isOpen)
            engine.upsert(Namespace(metadata: ObjectMeta(name: "r")))
            #expect(engine.verdict(for: flow).allowed == unseen.complete)
            #expect(engine.verdict(for: back).allowed == unseen.complete)
            engine.removeNamespace("r")
            #expect(engine.verdict(for: flow).allowed == isOpen)
            #expect(engine.peerSets.map { engine.members(of: $0) } == unseenMembers)
        }
    }

    @Test("a namespace's own policies hold before its object is seen")
    func unseenOwnNamespace() {
        var engine = PolicyEngine(input: .live)
        engine.upsert(Scene.pod("q", "a", host: 1, node: "n1"))
        engine.upsert(Scene.pod("q", "b", host: 2, node: "n1"))
        engine.upsert(policy("p", in: "q", pods: pod("a"), ingress: [.init(from: [.init(podSelector: pod("b"))])]))
        engine.upsert(Scene.pod("r", "b", host: 3, node: "n1"))
        for (source, isOpen) in [("q/b", true), ("r/b", false)] {
            let flow = Flow(from: Scene.party(source), to: Scene.party("q/a"), transport: .tcp, port: 1)
            #expect(engine.verdict(for: flow).allowed == isOpen)
        }
    }

    @Test("a host-network pod is its node: no subject, no selector's peer, but a block's")
    func hostNetwork() {
        var scene = Scene(policy("all", types: [.ingress, .egress]), toA)
        var host = Scene.pod("x", "b2", host: 1, node: "n2", labels: ["pod": "b"])
        host.spec?.hostNetwork = true
        host.status = PodStatus(phase: "Running", podIPs: ["192.168.0.2"])
        scene.engine.upsert(host)
        #expect(!scene.verdict("x/b2 > x/a 80").allowed)
        #expect(scene.verdict("y/a > x/b2 80").allowed)
        #expect(scene.verdict("x/b2 > y/a 80").allowed)
        #expect(scene.engine.endpointPolicy(for: host.key) == .open)
        scene.engine.upsert(policy("block", ingress: [.init(from: [block("192.168.0.2/32")])]))
        #expect(scene.verdict("x/b2 > x/a 80").allowed)
    }

    @Test("a node is known by its pods' host address while it has no object")
    func nodeWithoutObject() {
        var scene = Scene(policy("all", types: [.ingress, .egress]))
        scene.engine.removeNode("n1")
        #expect(!scene.verdict("192.168.0.1 > x/a 80").allowed)
        var pod = Scene.pod("x", "a", host: 1, node: "n1")
        pod.status?.hostIP = "192.168.0.1"
        scene.engine.upsert(pod)
        #expect(scene.verdict("192.168.0.1 > x/a 80").allowed)
        #expect(scene.verdict("x/b > 192.168.0.1 80").allowed)
        scene.engine.upsert(Scene.node("n1", "192.168.0.77"))
        #expect(!scene.verdict("192.168.0.1 > x/a 80").allowed)
    }

    @Test("an ExternalIP is its node's, unless somebody looked and it is not there; what is on its interfaces is")
    func nodeAddresses() {
        var scene = Scene(policy("all", types: [.ingress, .egress]))
        var node = Scene.node("n1", "192.168.0.1")
        node.status?.addresses?.append(NodeAddress(type: "ExternalIP", address: "203.0.113.1"))
        node.status?.addresses?.append(NodeAddress(type: "Hostname", address: "203.0.113.9"))
        scene.engine.upsert(node)
        #expect(scene.verdict("203.0.113.1 > x/a 80").allowed)
        #expect(!scene.verdict("203.0.113.9 > x/a 80").allowed)
        #expect(!scene.verdict("172.17.0.1 > x/a 80").allowed)
        scene.engine.setLocalAddresses(Set(["172.17.0.1", "192.168.0.1"].compactMap { IPAddress($0) }), of: "n1")
        #expect(scene.verdict("172.17.0.1 > x/a 80").rule == "x/a and its own node n1: always allowed")
        #expect(scene.verdict("x/a > 172.17.0.1 53 UDP").allowed)
        #expect(!scene.verdict("203.0.113.1 > x/a 80").allowed)
        #expect(scene.verdict("192.168.0.1 > x/a 80").allowed)
        scene.engine.upsert(policy("ally", in: "y", types: [.ingress]))
        #expect(!scene.verdict("172.17.0.1 > y/a 80").allowed)
        scene.engine.upsert(policy("block", in: "y", ingress: [.init(from: [block("172.17.0.0/16")])]))
        #expect(scene.verdict("172.17.0.1 > y/a 80").allowed)
    }

    @Test("an ended pod is nobody, and its address belongs to the pod that has it now")
    func endedPod() {
        var scene = Scene(toA)
        var ended = Scene.pod("x", "b", host: 2, node: "n1")
        ended.status?.phase = "Succeeded"
        scene.engine.upsert(ended)
        #expect(!scene.verdict("10.0.0.2 > x/a 80").allowed)
        let verdict = scene.verdict("x/b > y/a 80")
        #expect(!verdict.allowed)
        #expect(verdict.rule == "pod x/b has terminated (Succeeded): nothing is sent or received")
        scene.engine.upsert(Scene.pod("x", "new", host: 2, node: "n1", labels: ["pod": "b"]))
        #expect(scene.verdict("10.0.0.2 > x/a 80").allowed)
    }

    @Test("a pod that is being deleted but still runs counts")
    func terminatingPod() {
        var scene = Scene(toA)
        var leaving = Scene.pod("x", "b", host: 2, node: "n1")
        leaving.metadata.deletionTimestamp = "2026-01-01T00:00:00Z"
        scene.engine.upsert(leaving)
        #expect(scene.verdict("x/b > x/a 80").allowed)
    }

    @Test("flows by name use the first family that both ends have, and none passes without one")
    func families() {
        var scene = Scene(policy("v6", ingress: [.init(from: [block("::/0")])]))
        #expect(!scene.verdict("y/a > x/a 80").allowed)
        var v6First = Scene.pod("y", "a", host: 4, node: "n2")
        v6First.status = PodStatus(phase: "Running", podIPs: ["fd00::4", "10.0.0.4"])
        scene.engine.upsert(v6First)
        #expect(scene.verdict("y/a > x/a 80").allowed)
        v6First.status = PodStatus(phase: "Running", podIPs: ["fd00::4"])
        scene.engine.upsert(v6First)
        #expect(!scene.verdict("y/a > 8.8.8.8 80").allowed)
        #expect(scene.verdict("y/a > 8.8.8.8 80").rule == "y/a and 8.8.8.8 have no address family in common")
    }

    @Test("unknown pods are denied by name")
    func unknownPod() {
        #expect(Scene().verdict("x/nobody > x/a 80").rule == "pod x/nobody is unknown")
    }
}
