import ClusterAPI
import ClusterController
import KubernetesClient
import TestRandom
import Testing

/// What the annotation `pod.network.openshift.io/multitenant.change-network` does.
@Suite struct NetworkChangeTests {
    private static let annotation = "pod.network.openshift.io/multitenant.change-network"

    struct Example: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let before: [String: UInt32]
        let requests: [String: String]
        let after: [String: UInt32]
        let refusals: [String]

        init(
            _ promise: String, _ before: [String: UInt32], _ requests: [String: String], _ after: [String: UInt32],
            refused: [String] = []
        ) {
            testDescription = promise
            self.before = before
            self.requests = requests
            self.after = after
            refusals = refused
        }
    }

    static let examples = [
        Example("join takes the other's id", ["a": 10, "b": 11], ["a": "join:b"], ["a": 11, "b": 11]),
        Example("joining oneself changes nothing", ["a": 10, "b": 11], ["a": "join:a"], ["a": 10, "b": 11]),
        Example("joining default is global", ["a": 10, "default": 0], ["a": "join:default"], ["a": 0, "default": 0]),
        Example("global is 0", ["a": 10, "b": 11], ["b": "global"], ["a": 10, "b": 0]),
        Example(
            "isolate of a project with an id of its own keeps it", ["a": 10, "b": 11], ["a": "isolate"],
            ["a": 10, "b": 11]),
        Example("isolate of one that shares gets a new id", ["a": 10, "b": 10], ["b": "isolate"], ["a": 10, "b": 11]),
        Example("isolate of a global one gets a new id", ["a": 0, "b": 10], ["a": "isolate"], ["a": 11, "b": 10]),
        Example(
            "of two that share, both may ask: one keeps the id", ["a": 10, "b": 10], ["a": "isolate", "b": "isolate"],
            ["a": 11, "b": 10]),
        Example(
            "who joins one that moves itself ends with it", ["a": 10, "b": 11, "c": 12],
            ["a": "join:b", "b": "join:c"],
            ["a": 12, "b": 12, "c": 12]),
        Example(
            "who joins one that is isolated at the same time ends with it", ["a": 10, "b": 11, "c": 11],
            ["a": "join:b", "b": "isolate"], ["a": 12, "b": 12, "c": 11]),
        Example(
            "a circle of joins ends in one network", ["a": 10, "b": 11, "c": 12],
            ["a": "join:b", "b": "join:c", "c": "join:a"], ["a": 11, "b": 11, "c": 11]),
        Example(
            "default stays global", ["default": 0, "a": 10], ["default": "isolate"], ["default": 0, "a": 10],
            refused: ["default"]),
        Example(
            "default joins nobody", ["default": 0, "a": 10], ["default": "join:a"], ["default": 0, "a": 10],
            refused: ["default"]),
        Example("default may be global", ["default": 0, "a": 10], ["default": "global"], ["default": 0, "a": 10]),
        Example("there must be what is joined", ["a": 10], ["a": "join:z"], ["a": 10], refused: ["a"]),
        Example("other words are refused", ["a": 10], ["a": "merge:b"], ["a": 10], refused: ["a"]),
        Example("a join without a name is refused", ["a": 10], ["a": "join:"], ["a": 10], refused: ["a"]),
        Example(
            "a refusal holds up nobody else", ["a": 10, "b": 11], ["a": "join:z", "b": "global"], ["a": 10, "b": 0],
            refused: ["a"]),
        Example(
            "an id that cannot be is mended by isolate", ["a": 1 << 24, "b": 10], ["a": "isolate"], ["a": 11, "b": 10]),
    ]

    private static func snapshot(
        _ ids: [String: UInt32], _ requests: [String: String], mode: String? = "redhat/openshift-ovs-multitenant"
    ) -> ClusterSnapshot {
        var network = Given.network()
        network.pluginName = mode
        let objects = ids.map { name, id in
            var netNamespace = NetNamespace(netname: name, netid: id)
            netNamespace.metadata.resourceVersion = "7"
            netNamespace.metadata.annotations = requests[name].map { [annotation: $0] }
            return netNamespace
        }
        return ClusterSnapshot(
            networks: Mirror([network]), namespaces: Mirror(ids.keys.map(Given.namespace)),
            netNamespaces: Mirror(objects))
    }

    @Test(
        "the annotation does what it says, once, and is gone then; a refusal leaves everything as it is",
        arguments: examples)
    func changes(example: Example) throws {
        var memory = AllocationMemory()
        let settled = try #require(Self.snapshot(example.before, example.requests).settled(memory: &memory))
        #expect(settled.netNamespaces.objects.mapValues(\.netid) == example.after)
        let left = settled.netNamespaces.sorted.filter { $0.metadata.annotations?[Self.annotation] != nil }
        #expect(left.map(\.key.name) == example.refusals)
        let findings = ClusterPlan.make(for: settled, memory: &memory).findings.filter {
            $0.reason == .networkChangeRefused
        }
        #expect(findings.compactMap { $0.object?.name }.sorted() == example.refusals)
        #expect(findings.allSatisfy { $0.deservesEvent })
    }

    @Test("in other modes every change is refused", arguments: ["networkpolicy", "subnet", "sideways", nil])
    func otherModes(mode: String?) {
        var memory = AllocationMemory()
        let snapshot = Self.snapshot(["a": 10, "b": 11], ["a": "join:b"], mode: mode)
        let plan = ClusterPlan.make(for: snapshot, memory: &memory)
        #expect(plan.actions.isEmpty)
        let refusal = plan.findings.first { $0.reason == .networkChangeRefused }
        #expect(refusal?.message.contains("projects keep their VNIDs") == true)
        #expect(plan.findings.contains { $0.reason == .unknownNetworkMode } == (mode == "sideways"))
    }

    @Test("an id that is given up goes to nobody before the move is done", arguments: 0..<200)
    func freedIds(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let names = ["default", "a", "b", "c", "d", "e"]
        var memory = AllocationMemory()
        var ids: [String: UInt32] = ["default": 0]
        for name in names.dropFirst() { ids[name] = random.pick([0, 10, 10, 11, 12]) }
        var snapshot = Self.snapshot(ids, [:])
        for _ in 0..<12 {
            // Somebody asks for something, or a project comes or goes.
            let name = random.pick(names)
            if random.once(in: 6), name != "default" {
                if snapshot.namespaces.contains(name) {
                    snapshot.namespaces.remove(name)
                } else {
                    snapshot.namespaces.upsert(Given.namespace(name))
                }
            } else if var netNamespace = snapshot.netNamespaces[name] {
                netNamespace.metadata.annotations = [
                    Self.annotation: random.pick(["global", "isolate", "isolate", "join:\(random.pick(names))"])
                ]
                snapshot.netNamespaces.upsert(netNamespace)
            }
            if random.once(in: 8) { memory = AllocationMemory() }
            let requests = snapshot.netNamespaces.objects.compactMapValues {
                $0.metadata.annotations?[Self.annotation]
            }
            let actions = ClusterPlan.make(for: snapshot, memory: &memory).actions
            // Whichever of the actions fail: who is new, or asked to be alone, is alone.
            let done = actions.filter { _ in !random.once(in: 3) }
            snapshot = snapshot.applying(done)
            for action in done {
                let moved: NetNamespace
                switch action {
                case .createNetNamespace(let made) where made.netid != 0: moved = made
                case .moveNetNamespace(let made) where requests[made.key.name] == "isolate": moved = made
                default: continue
                }
                let companions = snapshot.netNamespaces.sorted.filter {
                    $0.netid == moved.netid && $0.key != moved.key
                }
                #expect(companions.isEmpty, "seed \(seed): \(moved.key) got the id of \(companions.map(\.key))")
            }
        }
        let settled = try #require(snapshot.settled(memory: &memory))
        #expect(settled.netNamespaces["default"]?.netid == 0)
        #expect(Set(settled.netNamespaces.objects.keys) == Set(settled.namespaces.objects.keys))
    }

    @Test("a project that asks while ids are unreadable waits")
    func unreadable() {
        var snapshot = Self.snapshot(["a": 10, "b": 10], ["a": "isolate"])
        snapshot.netNamespaces.apply(.unreadable(.init(key: ObjectKey(namespace: "", name: "c"), reason: "r")))
        var memory = AllocationMemory()
        #expect(ClusterPlan.make(for: snapshot, memory: &memory).actions.isEmpty)
    }
}
