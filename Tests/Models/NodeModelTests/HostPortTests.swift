import ClusterAPI
import NetworkTypes
import NodeModel
import ServiceModel
import Testing

@Suite struct HostPortTests {
    private static func attachment(_ name: String, _ number: UInt32, _ hostPorts: HostPort...) -> PodAttachment {
        let addresses = [
            IPAddress(v4: 0x0A80_0100 + number), IPAddress(family: .v6, bits: UInt128(0xFD01) << 112 | UInt128(number)),
        ]
        return PodAttachment(
            pod: ObjectKey(namespace: "shop", name: name), containerID: name, interface: "gab00000000000\(number)",
            addresses: addresses, mac: MACAddress(derivedFrom: addresses[0]), hostPorts: hostPorts)
    }

    /// `FRONTEND → BACKENDS` of everything.
    private static func told(_ model: inout NodeModel) -> [String] {
        _ = model.settle()
        return model.state.services.map { frontend, target in
            "\(frontend) → \(target.backends.map(\.description).joined(separator: " "))"
        }.sorted()
    }

    @Test("a host port leads to its pod at every address of the node, or at the one that was asked for")
    func frontends() throws {
        var model = NodeModel(nodeName: "one")
        let one = try #require(IPAddress("192.168.7.1"))
        model.attach(Self.attachment("a", 5, HostPort(8081, to: 8080), HostPort(53, to: 5353, .udp, at: one)))
        #expect(
            Self.told(&model) == [
                "192.168.7.1:53/UDP → 10.128.1.5:5353", "nodes' IPv4:8081/TCP → 10.128.1.5:8080",
                "nodes' IPv6:8081/TCP → [fd01::5]:8080",
            ])
        #expect(model.state.services.values.filter { !$0.dependsOnNode }.isEmpty)
        model.detach(interface: "gab000000000005")
        #expect(Self.told(&model) == [])
    }

    @Test("a service has a port before a pod that wants it, and of two pods one; the other is told")
    func conflicts() {
        var model = NodeModel(nodeName: "one")
        model.attach(Self.attachment("b", 6, HostPort(30080, to: 8080)))
        model.attach(Self.attachment("a", 5, HostPort(30080, to: 8080)))
        #expect(Self.told(&model).first == "nodes' IPv4:30080/TCP → 10.128.1.5:8080")
        #expect(
            model.serviceProblems.first
                == "Pod shop/b: host port nodes' IPv4:30080/TCP belongs to Pod shop/a, which gets the connections")
        var spec = ServiceSpec(clusterIPs: ["172.30.0.1"], ports: [ServicePort(port: 80)])
        spec.type = "NodePort"
        spec.ports?[0].nodePort = 30080
        model.upsert(Service(metadata: ObjectMeta(name: "web", namespace: "shop"), spec: spec))
        #expect(Self.told(&model).contains("nodes' IPv4:30080/TCP → "))
        #expect(model.serviceProblems.filter { $0.contains("belongs to Service shop/web") }.count == 2)
        model.removeService(ObjectKey(namespace: "shop", name: "web"))
        model.detach(interface: "gab000000000005")
        #expect(Self.told(&model).first == "nodes' IPv4:30080/TCP → 10.128.1.6:8080")
        #expect(model.serviceProblems.isEmpty)
    }
}
