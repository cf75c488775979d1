import ClusterAPI
import DatapathCompiler
import LinkState
import NetworkTypes
import NodeModel
import Testing

@Suite struct BandwidthTests {
    /// The links of a node with one pod.
    private static func links(_ bandwidth: PodBandwidth) throws -> LinkState {
        var state = GoldenTests.state
        let interface = try #require(state.pods.keys.sorted().first)
        for other in state.pods.keys where other != interface { state.pods[other] = nil }
        state.pods[interface]?.attachment.bandwidth = bandwidth
        return DatapathCompiler.compile(state).links
    }

    @Test("what goes to a pod is shaped by its interface, what comes from it by a link of its own")
    func both() throws {
        let links = try Self.links(
            PodBandwidth(ingress: .init(bitsPerSecond: 80_000_000), egress: .init(bitsPerSecond: 8_000_000)))
        #expect(
            links.shapers == [
                LinkState.Shaper(device: "gab000000000005", rate: 10_000_000, burst: 200_000),
                LinkState.Shaper(device: "gabq00000000005", rate: 1_000_000, burst: 66_048),
            ])
        #expect(links.redirects == [LinkState.Redirect(from: "gab000000000005", to: "gabq00000000005")])
        #expect(links.links["gabq00000000005"]?.kind == .queue)
    }

    @Test("a pod without a limit has neither queue nor link")
    func unlimited() throws {
        let links = try Self.links(.unlimited)
        #expect(links.shapers.isEmpty && links.redirects.isEmpty)
        #expect(links.links.keys.sorted() == ["gabvxlan"])
    }

    @Test(
        "a burst that was asked for holds, but a packet always fits in", arguments: [(1_600_000, 200_000), (80, 1514)])
    func burst(bits: UInt64, bytes: UInt64) throws {
        let links = try Self.links(PodBandwidth(ingress: .init(bitsPerSecond: 8_000_000, burstBits: bits)))
        #expect(links.shapers == [LinkState.Shaper(device: "gab000000000005", rate: 1_000_000, burst: bytes)])
    }

    @Test("the limit of a pod that goes takes its link along")
    func removal() throws {
        let limited = try Self.links(PodBandwidth(egress: .init(bitsPerSecond: 8_000_000)))
        let plan = LinkState.plan(from: limited, to: try Self.links(.unlimited)).map(\.description)
        #expect(plan == ["remove redirect dev gab000000000005 to gabq00000000005", "delete link gabq00000000005"])
    }
}
