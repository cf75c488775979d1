import ClusterAPI
import ClusterController
import KubernetesClient
import Testing

struct PlanCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var network: ClusterNetwork? = Given.network()
    var nodes: [Node] = []
    var subnets: [HostSubnet] = []
    var actions: [String] = []
    var findings: [Finding.Reason] = []
}

private let cases = [
    PlanCase(
        testDescription: "nodes get subnets in the order of their names",
        nodes: [Given.node("b", ["192.168.0.2"]), Given.node("a", ["192.168.0.1"])],
        actions: [
            "create HostSubnet a at 192.168.0.1 with 10.128.0.0/23",
            "create HostSubnet b at 192.168.0.2 with 10.129.0.0/23",
        ]),
    PlanCase(
        testDescription: "a dual-stack network gives one subnet of each family, in the network's order",
        network: Given.network([("fd01::/48", 64), ("10.128.0.0/14", 9)]),
        nodes: [Given.node("a", ["fd00::1", "192.168.0.1"])],
        actions: ["create HostSubnet a at fd00::1,192.168.0.1 with fd01::/64,10.128.0.0/23"]),
    PlanCase(
        testDescription: "podCIDRs are filled when they are empty", nodes: [Given.node("a", ["192.168.0.1"])],
        subnets: [Given.subnet("a", ["192.168.0.1"], ["10.128.4.0/23"], nodeUID: "uid-a")],
        actions: ["set podCIDRs of Node a to 10.128.4.0/23"]),
    PlanCase(
        testDescription: "a HostSubnet follows its node's addresses and keeps its subnet",
        nodes: [Given.node("a", ["192.168.0.9"], podCIDRs: ["10.128.4.0/23"])],
        subnets: [Given.subnet("a", ["192.168.0.1"], ["10.128.4.0/23"], nodeUID: "uid-a")],
        actions: ["update HostSubnet a at 192.168.0.9 with 10.128.4.0/23"]),
    PlanCase(
        testDescription: "a family that the network has grown is added behind the others",
        network: Given.network([("10.128.0.0/14", 9), ("fd01::/48", 64)]),
        nodes: [Given.node("a", ["192.168.0.1"], podCIDRs: ["10.128.4.0/23"])],
        subnets: [Given.subnet("a", ["192.168.0.1"], ["10.128.4.0/23"], nodeUID: "uid-a")],
        actions: ["update HostSubnet a at 192.168.0.1 with 10.128.4.0/23,fd01::/64"]),
    PlanCase(
        testDescription: "the HostSubnet of a node that is gone is deleted",
        subnets: [Given.subnet("a", ["192.168.0.1"], ["10.128.0.0/23"], nodeUID: "uid-a")],
        actions: ["delete HostSubnet a"]),
    PlanCase(
        testDescription: "the HostSubnet of an earlier node of the same name is deleted",
        nodes: [Given.node("a", ["192.168.0.1"], uid: "new")],
        subnets: [Given.subnet("a", ["192.168.0.1"], ["10.128.0.0/23"], nodeUID: "old")],
        actions: ["delete HostSubnet a"]),
    PlanCase(
        testDescription: "a HostSubnet made by hand for a device is kept, and gets the subnet that it asks for",
        subnets: [
            Given.subnet(
                "f5", ["192.168.0.5"], ["10.129.0.0/23"],
                annotations: [HostSubnetAnnotation.assignSubnet: "true", HostSubnetAnnotation.fixedVNID: "0"]),
            Given.subnet("f6", ["192.168.0.6"], [""], annotations: [HostSubnetAnnotation.assignSubnet: "true"]),
        ],
        actions: ["update HostSubnet f6 at 192.168.0.6 with 10.130.0.0/23"]),
    PlanCase(
        testDescription: "a HostSubnet of unknown origin is reported and kept",
        subnets: [Given.subnet("x", ["192.168.0.5"], ["10.129.0.0/23"])], findings: [.hostSubnetWithoutNode]),
    PlanCase(
        testDescription: "a node whose address lies in a pod range is refused",
        nodes: [Given.node("a", ["10.129.7.7"]), Given.node("b", ["192.168.0.2"])],
        actions: ["create HostSubnet b at 192.168.0.2 with 10.128.0.0/23"], findings: [.nodeAddressConflict]),
    PlanCase(
        testDescription: "a node whose second address lies in the service range is refused",
        nodes: [Given.node("a", ["192.168.0.1", "172.30.0.10"])], findings: [.nodeAddressConflict]),
    PlanCase(
        testDescription: "a node without an internal address waits", nodes: [Given.node("a", [])],
        findings: [.nodeWithoutAddress]),
    PlanCase(
        testDescription: "without a ClusterNetwork nothing is given, but gone nodes are cleaned up", network: nil,
        nodes: [Given.node("a", ["192.168.0.1"])],
        subnets: [Given.subnet("gone", ["192.168.0.3"], ["10.128.0.0/23"], nodeUID: "u")],
        actions: ["delete HostSubnet gone"],
        findings: [.waitingForClusterNetwork]),
    PlanCase(
        testDescription: "overlapping ranges refuse everything new, while existing nodes are served",
        network: Given.network([("10.128.0.0/14", 9), ("10.129.0.0/16", 9)]),
        nodes: [Given.node("a", ["192.168.0.1"]), Given.node("b", ["192.168.0.9"], podCIDRs: ["10.128.0.0/23"])],
        subnets: [Given.subnet("b", ["192.168.0.2"], ["10.128.0.0/23"], nodeUID: "uid-b")],
        actions: ["update HostSubnet b at 192.168.0.9 with 10.128.0.0/23"], findings: [.invalidClusterNetwork]),
    PlanCase(
        testDescription: "a service range inside a pod range refuses everything new",
        network: Given.network(service: "10.128.0.0/16"), nodes: [Given.node("a", ["192.168.0.1"])],
        findings: [.invalidClusterNetwork]),
    PlanCase(
        testDescription: "exhaustion is reported for each node that goes without",
        network: Given.network([("10.128.0.0/23", 8)]),
        nodes: [Given.node("a", ["1.0.0.1"]), Given.node("b", ["1.0.0.2"]), Given.node("c", ["1.0.0.3"])],
        actions: [
            "create HostSubnet a at 1.0.0.1 with 10.128.0.0/24", "create HostSubnet b at 1.0.0.2 with 10.128.1.0/24",
        ],
        findings: [.subnetsExhausted]),
    PlanCase(
        testDescription: "when one family is exhausted, nothing of the other is taken",
        network: Given.network([("10.128.0.0/14", 9), ("fd01::/64", 64)]),
        nodes: [Given.node("a", ["1.0.0.1"]), Given.node("b", ["1.0.0.2"])],
        actions: ["create HostSubnet a at 1.0.0.1 with 10.128.0.0/23,fd01::/64"], findings: [.subnetsExhausted]),
    PlanCase(
        testDescription: "subnets outside all ranges, and overlapping ones, are reported and kept",
        nodes: [
            Given.node("a", ["1.0.0.1"], podCIDRs: ["10.0.0.0/23"]),
            Given.node("b", ["1.0.0.2"], podCIDRs: ["10.128.0.0/22"]),
            Given.node("c", ["1.0.0.3"], podCIDRs: ["10.128.2.0/23"]),
        ],
        subnets: [
            Given.subnet("a", ["1.0.0.1"], ["10.0.0.0/23"], nodeUID: "uid-a"),
            Given.subnet("b", ["1.0.0.2"], ["10.128.0.0/22"], nodeUID: "uid-b"),
            Given.subnet("c", ["1.0.0.3"], ["10.128.2.0/23"], nodeUID: "uid-c"),
        ],
        findings: [.subnetOutsideRanges, .subnetOverlap]),
]

@Suite struct SubnetPlanTests {
    @Test("the plan does what is needed and reports the rest", arguments: cases)
    func plan(_ test: PlanCase) {
        let snapshot = ClusterSnapshot(
            networks: Mirror(test.network.map { [$0] } ?? []), nodes: Mirror(test.nodes),
            hostSubnets: Mirror(test.subnets))
        var memory = AllocationMemory()
        let plan = ClusterPlan.make(for: snapshot, memory: &memory)
        #expect(plan.actions.map(\.description) == test.actions)
        #expect(plan.findings.map(\.reason.rawValue).sorted() == test.findings.map(\.rawValue).sorted())
    }

    @Test("doing what the plan says leaves nothing to do", arguments: cases)
    func settles(_ test: PlanCase) throws {
        let snapshot = ClusterSnapshot(
            networks: Mirror(test.network.map { [$0] } ?? []), nodes: Mirror(test.nodes),
            hostSubnets: Mirror(test.subnets))
        var memory = AllocationMemory()
        let settled = try #require(snapshot.settled(memory: &memory))
        #expect(ClusterPlan.make(for: settled, memory: &memory).actions.isEmpty)
    }

    @Test("nothing is decided before every list has been seen")
    func incomplete() {
        var snapshot = ClusterSnapshot(
            nodes: Mirror([]), hostSubnets: Mirror([Given.subnet("a", ["1.0.0.1"], ["10.128.0.0/23"], nodeUID: "u")]))
        snapshot.nodes = .unknown
        var memory = AllocationMemory()
        let plan = ClusterPlan.make(for: snapshot, memory: &memory)
        #expect(plan.actions.isEmpty && plan.findings.isEmpty)
    }

    @Test("an unreadable Node keeps its subnet, an unreadable HostSubnet stops new ones")
    func unreadable() {
        var snapshot = ClusterSnapshot(
            networks: Mirror([Given.network()]),
            nodes: Mirror([Given.node("b", ["1.0.0.2"]), Given.node("c", ["1.0.0.3"])]),
            hostSubnets: Mirror([Given.subnet("a", ["1.0.0.1"], ["10.128.0.0/23"], nodeUID: "uid-a")]))
        snapshot.nodes.apply(.unreadable(.init(key: ObjectKey(namespace: "", name: "a"), reason: "r")))
        snapshot.hostSubnets.apply(.unreadable(.init(key: ObjectKey(namespace: "", name: "b"), reason: "r")))
        var memory = AllocationMemory()
        let plan = ClusterPlan.make(for: snapshot, memory: &memory)
        #expect(plan.actions.isEmpty)
        #expect(plan.findings.map(\.reason) == [.unreadableObject, .unreadableObject])
    }

    @Test("a list that names an unreadable HostSubnet stops new ones at once, and a whole one lets them go on")
    func unreadableInList() {
        var snapshot = ClusterSnapshot(
            networks: Mirror([Given.network()]), nodes: Mirror([Given.node("c", ["1.0.0.3"])]))
        let broken = UnreadableObject(key: ObjectKey(namespace: "", name: "b"), reason: "r")
        snapshot.hostSubnets.apply(.replaced([], unreadable: [broken]))
        var memory = AllocationMemory()
        #expect(ClusterPlan.make(for: snapshot, memory: &memory).actions.isEmpty)
        snapshot.hostSubnets.apply(.replaced([]))
        #expect(!ClusterPlan.make(for: snapshot, memory: &memory).actions.isEmpty)
    }

    @Test("a subnet that was freed is given again after all others")
    func freedLast() throws {
        var snapshot = ClusterSnapshot(networks: Mirror([Given.network([("10.128.0.0/22", 8)])]))
        var memory = AllocationMemory()
        for round in 1...4 {
            snapshot.nodes = Mirror([Given.node("n\(round)", ["1.0.0.\(round)"])])
            snapshot = try #require(snapshot.settled(memory: &memory))
            #expect(snapshot.hostSubnets["n\(round)"]?.subnet == "10.128.\(round - 1).0/24")
        }
        snapshot.nodes = Mirror([Given.node("n5", ["1.0.0.5"])])
        snapshot = try #require(snapshot.settled(memory: &memory))
        #expect(snapshot.hostSubnets["n5"]?.subnet == "10.128.0.0/24")
    }
}
