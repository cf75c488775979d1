import CNISpec
import NodeAgent
import NodeAgentFakes
import NodeModel
import Synchronization
import Testing

/// From the runtime's `bandwidth` to the datapath.
@Suite struct BandwidthTests {
    private static let shared = AttachmentServiceTests()

    private static func extra(_ bandwidth: String) -> String {
        #","capabilities":{"bandwidth":true},"runtimeConfig":{"bandwidth":\#(bandwidth)}"#
    }

    @Test(
        "ADD tells the datapath of limits, and a restarted agent does so again",
        arguments: [
            (
                #"{"ingressRate":10000000,"egressRate":5000,"egressBurst":4000}"#,
                PodBandwidth(
                    ingress: .init(bitsPerSecond: 10_000_000), egress: .init(bitsPerSecond: 5000, burstBits: 4000))
            ),
            // What containerd and dockershim pass for a burst that nobody gave.
            (#"{"ingressRate":1000,"ingressBurst":4294967295}"#, PodBandwidth(ingress: .init(bitsPerSecond: 1000))),
            (#"{"egressRate":1000,"egressBurst":2147483647}"#, PodBandwidth(egress: .init(bitsPerSecond: 1000))),
            (#"{"ingressRate":0,"egressRate":0,"egressBurst":5}"#, .unlimited), ("{}", .unlimited),
        ])
    func limits(bandwidth: String, expected: PodBandwidth) async throws {
        let node = try AttachmentServiceTests.Node()
        let response = try await node.start().respond(to: Self.shared.request("ADD", extra: Self.extra(bandwidth)))
        _ = try Self.shared.result(response)
        #expect(node.datapath.state.withLock { $0.attached.values.map(\.bandwidth) } == [expected])
        try await node.service().adoptSurvivors()
        #expect(node.datapath.state.withLock { $0.adopted.map(\.bandwidth) } == [expected])
    }

    @Test("a rate at which nothing gets through is refused, and nothing is attached", arguments: ["ingress", "egress"])
    func refusals(direction: String) async throws {
        let node = try AttachmentServiceTests.Node()
        let response = try await node.start().respond(
            to: Self.shared.request("ADD", extra: Self.extra(#"{"\#(direction)Rate":999}"#)))
        #expect(try Self.shared.code(response) == 7)
        #expect(response.output.contains("kubernetes.io/\(direction)-bandwidth"))
        #expect(node.datapath.state.withLock { $0.attached.isEmpty })
    }
}
