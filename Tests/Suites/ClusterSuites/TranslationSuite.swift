import ClusterAPI
import Lab
import LinuxSystem
import NetworkTypes
import TestSupport
import Testing

@Suite("Who others see", .requiresRoot, .serialized, .timeLimit(.minutes(3)))
struct TranslationSuite {
    @Test("the outside sees a pod's node; pods see pods, and whoever came from outside, as themselves")
    func peers() async throws {
        let pods = [
            SuiteLab.pod("a", node: "node-1"), SuiteLab.pod("near", node: "node-1"),
            SuiteLab.pod("far", node: "node-2"),
        ]
        try await SuiteLab.with(.standard(ipv6: true), objects: pods) { lab in
            let list = try await lab.snapshot().pods.map { pod in
                (pod.key.description, pod.addressTexts.compactMap { IPAddress($0) })
            }
            let addresses = Dictionary(list) { first, _ in first }
            let outside = try #require(lab.topology.outside.first)
            for family in IPAddress.Family.allCases {
                func of(_ pod: String) throws -> IPAddress {
                    try #require(addresses[pod]?.first { $0.family == family })
                }
                let internet = try #require(outside.addresses.first { $0.family == family })
                let node = try #require(lab.topology.addresses(ofNode: "node-1").first { $0.family == family })
                for (source, target, seen) in [
                    ("shop/a", internet, node), ("shop/a", try of("shop/near"), try of("shop/a")),
                    ("shop/a", try of("shop/far"), try of("shop/a")),
                    ("outside/\(outside.name)", try of("shop/a"), internet),
                ] {
                    let peer = try await peer(of: source, at: target, lab)
                    #expect(peer == seen, "\(source) at \(target) is \(peer?.description ?? "silent")")
                }
            }
        }
    }

    /// Whom the responder at `target` says that it speaks with: its greeting is `IDENTITY ADDRESS:PORT`.
    private func peer(of source: String, at target: IPAddress, _ lab: Lab) async throws -> IPAddress? {
        let script = "exec 3<>/dev/tcp/\(target)/8080 && IFS= read -r line <&3 && printf %s \"$line\""
        let greeting = try await SuiteLab.run(["timeout", "5", "bash", "-c", script], at: source, of: lab)
        guard let peer = greeting.split(separator: " ").last, let colon = peer.lastIndex(of: ":") else { return nil }
        return IPAddress(String(peer[..<colon].filter { $0 != "[" && $0 != "]" }))
    }
}
