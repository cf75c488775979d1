import CNISpec
import ClusterAPI
import NetworkTypes
import NodeAgent
import NodeAgentFakes
import NodeModel
import Synchronization
import TestSupport
import Testing

/// From the runtime's `portMappings` to packets.
@Suite struct HostPortTests {
    private static let shared = AttachmentServiceTests()

    private static func extra(_ mapping: String) -> String {
        #","capabilities":{"portMappings":true},"runtimeConfig":{"portMappings":[\#(mapping)]}"#
    }

    @Test("ADD tells the datapath of host ports, and a restarted agent does so again")
    func mappings() async throws {
        let node = try AttachmentServiceTests.Node()
        let mappings =
            #"{"hostPort":8081,"containerPort":8080,"protocol":"tcp"},{"hostPort":53,"containerPort":5353,"#
            + #""protocol":"udp","hostIP":"192.168.7.1"},{"hostPort":0,"containerPort":9},"#
            + #"{"hostPort":82,"containerPort":83,"hostIP":"0.0.0.0"}"#
        let response = try await node.start().respond(to: Self.shared.request("ADD", extra: Self.extra(mappings)))
        _ = try Self.shared.result(response)
        let one = try #require(IPAddress("192.168.7.1"))
        let expected = [
            HostPort(8081, to: 8080), HostPort(53, to: 5353, .udp, at: one),
            HostPort(82, to: 83),
        ]
        #expect(node.datapath.state.withLock { $0.attached.values.map(\.hostPorts) } == [expected])
        try await node.service().adoptSurvivors()
        #expect(node.datapath.state.withLock { $0.adopted.map(\.hostPorts) } == [expected])
    }

    @Test(
        "a mapping that makes no sense is refused, and nothing is attached",
        arguments: [
            #"{"hostPort":65536,"containerPort":80}"#, #"{"hostPort":80,"containerPort":0}"#,
            #"{"hostPort":-1,"containerPort":80}"#, #"{"hostPort":80,"containerPort":80,"protocol":"icmp"}"#,
            #"{"hostPort":80,"containerPort":80,"hostIP":"here"}"#,
        ])
    func refusals(mapping: String) async throws {
        let node = try AttachmentServiceTests.Node()
        let response = try await node.start().respond(to: Self.shared.request("ADD", extra: Self.extra(mapping)))
        #expect(try Self.shared.code(response) == 7)
        #expect(response.output.contains("portMappings"))
        #expect(node.datapath.state.withLock { $0.attached.isEmpty })
    }

    @Test(
        "a host port answers at the node's addresses, shows the client, and ends with its pod", .requiresRoot,
        .timeLimit(.minutes(2)))
    func packets() async throws {
        try await ServiceNode.with { node in
            let addresses = ServiceNode.addresses("a")
            var pod = PodAttachment(
                pod: ObjectKey(namespace: "shop", name: "a"), containerID: "a", interface: "gab00000000000a",
                addresses: addresses, mac: MACAddress(derivedFrom: addresses[0]))
            pod.hostPorts = [HostPort(8081, to: 8080), HostPort(5353, to: 8080, .udp)]
            try await node.agent.attach(pod)
            for (place, seen) in [("outside", ["192.168.7.9", "fd07::9"]), ("node", ServiceNode.hosts)] {
                for (host, client) in zip(ServiceNode.hosts, seen) {
                    #expect(try node.ask(.tcp, from: place, host, 8081) == "a sees \(client)", "\(place) \(host)")
                    #expect(try node.ask(.udp, from: place, host, 5353) == "a sees \(client)", "\(place) \(host)")
                }
            }
            #expect(
                try node.ask(.tcp, from: "b", ServiceNode.hosts[0], 8081) == "a sees \(ServiceNode.addresses("b")[0])")
            pod.hostPorts = []
            try await node.agent.attach(pod)
            #expect(try node.ask(.tcp, from: "outside", ServiceNode.hosts[0], 8081) == "refused")
        }
    }
}
