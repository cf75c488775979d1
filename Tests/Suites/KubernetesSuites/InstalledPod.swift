import ClusterAPI
import Foundation
import KubernetesClient
import Testing

/// A pod of Gabion's own, as `gabion install` has put it there.
struct InstalledPod: Sendable {
    let object: JSONValue

    var name: String { object["metadata"]?["name"]?.string ?? "" }
    var node: String { object["spec"]?["nodeName"]?.string ?? "" }
    var image: String { object["spec"]?["containers"]?.array?.first?["image"]?.string ?? "" }
    /// The same for all parts, whatever image they have.
    var version: String { image.split(separator: ":").last.map(String.init) ?? "" }
    /// How often its container was started again.
    var restarts: Int64 { status?["restartCount"]?.int ?? 0 }
    var isReady: Bool { status?["ready"] == true && object["metadata"]?["deletionTimestamp"] == nil }

    private var status: JSONValue? { object["status"]?["containerStatuses"]?.array?.first }
}

extension RealCluster {
    static let namespace = "gabion-system"

    /// The pods of a part, as `gabion-agent`.
    func installed(_ part: String, in namespace: String = RealCluster.namespace) async throws -> [InstalledPod] {
        let selector = ListOptions(labelSelector: "app.kubernetes.io/name=\(part)")
        return try await client.list(Pod.resource, in: namespace, options: selector).items.map(InstalledPod.init)
    }

    /// All of them that are on a node or were to be.
    func installed() async throws -> [InstalledPod] {
        var pods: [InstalledPod] = try await installed("gabion-dns", in: "kube-system")
        for part in ["agent", "names", "egress", "failover", "controller"] {
            pods += try await installed("gabion-" + part)
        }
        return pods
    }

    /// Applies the installation once more, with another image; `gabion install` waits until all pods are new.
    func install(image: String) async throws {
        let file = Self.state + "/installation.yaml"
        let lines = try String(contentsOfFile: file, encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false)
        let changed = lines.map { $0.hasPrefix("image: ") ? "image: \(image)" : String($0) }.joined(separator: "\n")
        try changed.write(toFile: file, atomically: true, encoding: .utf8)
        try await gabion("install", "apply", "-f", file)
    }
}
