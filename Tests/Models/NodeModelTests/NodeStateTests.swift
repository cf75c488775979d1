import ClusterAPI
import NetworkTypes
import NodeModel
import PolicyEngine
import Testing

@Suite struct NodeStateTests {
    private func settled(_ steps: [Step], underlayMTU: Int = 1500) -> NodeState {
        var model = NodeModel(nodeName: "one", underlayMTU: underlayMTU)
        for step in steps { step.apply(to: &model) }
        _ = model.settle()
        return model.state
    }

    @Test(
        "a pod is closed unless the API shows this very pod, here and alive",
        arguments: [
            ([Step.attach(Story.attachment("web", 10))], LocalPod.ClosedReason.unknown),
            ([.attach(Story.attachment("web", 10)), .pod(Story.pod("web", node: "two", app: "web"))], .elsewhere),
            (
                [
                    .attach(Story.attachment("web", 10)),
                    .pod(Story.pod("web", node: "one", app: "web", phase: "Failed")),
                ],
                .terminated
            ),
            (
                [
                    .attach(Story.attachment("web", 10, uid: "a")),
                    .pod(Story.pod("web", node: "one", app: "web", uid: "b")),
                ], .otherIdentity
            ),
            (
                [
                    .attach(Story.attachment("web", 10)), .pod(Story.pod("web", node: "one", app: "web")),
                    .podGone(ObjectKey(namespace: "shop", name: "web")),
                ], .unknown
            ),
            (
                [.attach(Story.attachment("web", 10)), .pod(Story.pod("web", node: "one", app: "web"))],
                .namespaceUnknown
            ),
        ])
    func closed(steps: [Step], reason: LocalPod.ClosedReason) {
        #expect(settled(steps).pods.values.map(\.admission) == [.closed(reason)])
    }

    @Test("a local pod's own address is a peer from its attachment on, whatever status says")
    func ownAddress() throws {
        let state = settled([
            .namespace(Namespace(metadata: ObjectMeta(name: "shop"))),
            .attach(Story.attachment("web", 10)), .pod(Story.pod("web", node: "one", app: "web", ip: "10.128.1.99")),
            .attach(Story.attachment("back", 11)), .pod(Story.pod("back", node: "one", app: "front")),
            .policy(Story.policy("both", selects: "front", from: "web")),
        ])
        let web = try #require(IPAddress("10.128.1.10"))
        #expect(state.peerSets.values.map { $0 } == [.addresses([web])])
    }

    @Test("a pod is closed while its namespace is not seen, and again when it is gone; its addresses stay peers")
    func unseenNamespace() {
        let namespace = Namespace(metadata: ObjectMeta(name: "shop"))
        var steps: [Step] = [
            .attach(Story.attachment("web", 10)), .pod(Story.pod("web", node: "one", app: "web")),
            .namespace(namespace),
        ]
        #expect(settled(steps).pods.values.map(\.admission) == [.policy(.open)])
        steps.append(.namespaceGone("shop"))
        #expect(settled(steps).pods.values.map(\.admission) == [.closed(.namespaceUnknown)])
    }

    @Test("only sets that local pods' policies refer to are carried")
    func foreignSets() {
        let state = settled([
            .pod(Story.pod("front", node: "two", app: "front", ip: "10.128.2.5")),
            .policy(Story.policy("remote", selects: "front", from: "web")),
        ])
        #expect(state.peerSets.isEmpty)
    }

    @Test(
        "the pods' MTU leaves room for the tunnel",
        arguments: [(1500, nil, 1450), (9000, 1400, 1400), (1500, 1500, 1450)])
    func mtu(underlay: Int, wanted: Int?, expected: Int) {
        var network = ClusterNetwork(clusterNetworks: [.init(cidr: "10.128.0.0/14", hostSubnetLength: 8)])
        network.mtu = wanted
        let state = settled([.network(network), .subnet(Story.subnet("one", 1))], underlayMTU: underlay)
        #expect(state.node?.podMTU == expected)
        #expect(state.problems.isEmpty == ((wanted ?? 0) <= underlay - 50))
    }

    @Test("what cannot be read is left out and named")
    func problems() {
        let state = settled([
            .network(ClusterNetwork(clusterNetworks: [.init(cidr: "nonsense", hostSubnetLength: 8)])),
            .subnet(HostSubnet(host: "one", hostIPs: ["192.168.7.1", "no"], subnets: ["10.128.1.0/24", "x"])),
        ])
        #expect(state.problems.count == 3)
        #expect(state.node?.subnets.map(\.description) == ["10.128.1.0/24"])
    }
}
