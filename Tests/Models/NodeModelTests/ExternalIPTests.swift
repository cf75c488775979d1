import ClusterAPI
import NetworkTypes
import NodeModel
import ServiceModel
import Testing

@Suite struct ExternalIPTests {
    private static func frontends(_ model: inout NodeModel) -> [String] {
        _ = model.settle()
        return model.state.services.keys.map(\.description).filter { !$0.hasPrefix("172.") }.sorted()
    }

    @Test("nobody has an address of pods, services or nodes' subnets from outside, whatever policies allow")
    func reserved() {
        var model = NodeModel(nodeName: "one")
        var spec = ServiceSpec(clusterIPs: ["172.30.0.1"], ports: [ServicePort(port: 80)])
        spec.externalIPs = ["10.128.3.3", "172.30.0.9", "10.9.0.4", "192.0.2.7"]
        model.upsert(Service(metadata: ObjectMeta(name: "web", namespace: "shop"), spec: spec))
        model.upsert(ExternalIPPolicy(name: "all", spec: ExternalIPPolicySpec(allowedCIDRs: ["0.0.0.0/0"])))
        model.upsert(HostSubnet(host: "two", hostIPs: ["192.168.7.2"], subnets: ["10.9.0.0/24"]))
        var network = ClusterNetwork(clusterNetworks: [.init(cidr: "10.128.0.0/14", hostSubnetLength: 8)])
        network.serviceNetwork = "172.30.0.0/16"
        model.upsert(network)
        #expect(Self.frontends(&model) == ["192.0.2.7:80/TCP"])
        #expect(model.services.problems.count == 3)
        // What is reserved follows the cluster.
        model.removeHostSubnet("two")
        #expect(Self.frontends(&model) == ["10.9.0.4:80/TCP", "192.0.2.7:80/TCP"])
        model.removeExternalIPPolicy("all")
        #expect(Self.frontends(&model) == [])
    }
}
