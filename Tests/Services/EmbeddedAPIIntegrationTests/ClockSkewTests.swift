import ClusterAPI
import EmbeddedAPI
import Foundation
import NIOHTTP1
import TestSupport
import Testing

/// Real programs whose machine has another time than the API server's.
@Suite("Clocks that are wrong", .timeLimit(.minutes(3)))
struct ClockSkewTests {
    private static let lease = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/gabion-controller"

    private static let offsets: [(Duration, String)] = [
        (.seconds(600), "s ahead of the API server's"), (.seconds(-600), "s behind the API server's"),
    ]

    @Test(
        "a controller with a wrong clock takes no Lease that is renewed, takes one that is not, and loses none itself",
        arguments: offsets)
    func controllers(lead: Duration, words: String) async throws {
        try await ServerFixture.with { fixture in
            let rivals = try Rivals(kubeconfig: fixture.endpoints.kubeconfigPath) {
                let spec = try await fixture.admin.send(.GET, Self.lease).json["spec"]
                guard let spec, let holder = spec["holderIdentity"]?.string else { return nil }
                return Rivals.Holding(
                    holder: holder, transitions: Int(spec["leaseTransitions"]?.int ?? 0),
                    renewal: spec["renewTime"]?.string ?? "")
            }
            let logs = try await rivals.contend(ahead: lead)
            #expect(logs.wrong.contains(words), "\(logs.wrong)")
            #expect(!logs.right.contains("the clock of this machine"), "\(logs.right)")
        }
    }

    /// What `gabion status` prints with this clock, on one line.
    private static func status(_ fixture: ServerFixture, ahead lead: Duration) async throws -> String {
        let clock = lead == .zero ? [:] : try WrongClock.environment(ahead: lead)
        let program = ClientProgram(
            testDescription: "gabion", path: try BuiltProgram.path("gabion"), isCurrent: true)
        let words = ["status", "--kubeconfig", fixture.endpoints.kubeconfigPath]
        let text = try await program.run(words, environment: clock).text
        return text.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    }

    @Test("status judges by the API server's clock, and says that this machine's is another")
    func judges() async throws {
        try await ServerFixture.with { fixture in
            let leases = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases"
            let now = ISO8601DateFormatter().string(from: Date()).dropLast() + ".000000Z"
            let node: JSONValue = [
                "apiVersion": "v1", "kind": "Node", "metadata": ["name": "a"],
                "status": [
                    "conditions": [["type": "Ready", "status": "True"], ["type": "GabionReady", "status": "True"]]
                ],
            ]
            #expect(try await fixture.admin.create("/api/v1/nodes", node).status == 201)
            for name in ["gabion-agent-a", "gabion-controller"] {
                let lease: JSONValue = [
                    "apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": ["name": .string(name)],
                    "spec": ["holderIdentity": "a", "leaseDurationSeconds": 40, "renewTime": .string(String(now))],
                ]
                #expect(try await fixture.admin.create(leases, lease).status == 201)
            }
            let clocks: [(Duration, String?)] = [
                (.zero, nil), (.seconds(600), "ahead of"), (.seconds(-600), "behind"),
            ]
            for (lead, words) in clocks {
                let text = try await Self.status(fixture, ahead: lead)
                #expect(!text.contains("silent since"), "\(text)")
                #expect(text.contains("the clock of this machine is") == (words != nil), "\(text)")
                if let words { #expect(text.contains("s \(words) the API server's"), "\(text)") }
            }
        }
    }

    @Test(
        "a certificate that does not hold at the time of this machine is told with that time",
        arguments: [Duration.seconds(-7_200), .seconds(631_152_000)])
    func certificates(lead: Duration) async throws {
        try await ServerFixture.with { fixture in
            let text = try await Self.status(fixture, ahead: lead)
            #expect(text.contains("certificate-authority holds from"), "\(text)")
            #expect(text.contains("this machine's clock says"), "\(text)")
            #expect(text.contains("set the clock"), "\(text)")
        }
    }
}
