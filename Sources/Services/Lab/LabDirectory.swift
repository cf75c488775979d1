package import ClusterAPI
import FoundationEssentials

/// Where a running lab keeps its files: `/run/gabion-lab/NAME`.
package struct LabDirectory: Hashable, Sendable {
    package static let parent = "/run/gabion-lab"

    package let name: LabName

    package init(_ name: LabName) { self.name = name }

    package var path: String { "\(Self.parent)/\(name)" }
    package var request: String { path + "/request.json" }
    package var state: String { path + "/state.json" }
    /// There as soon as everything has come up once.
    package var ready: String { path + "/ready" }
    /// One line per step while the lab comes up; the last is `ready` or begins with `failed: `.
    package var progress: String { path + "/progress" }
    package var supervisorPID: String { path + "/supervisor.pid" }
    package var apiData: String { path + "/api" }
    package var apiSocket: String { path + "/api.sock" }
    /// For people, as `KUBECONFIG`.
    package var adminKubeconfig: String { path + "/admin.kubeconfig" }
    package var controllerKubeconfig: String { path + "/controller.kubeconfig" }
    /// For the servers of names.
    package var dnsKubeconfig: String { path + "/dns.kubeconfig" }
    /// For the pods of an EgressGateway.
    package func gatewayKubeconfig(_ gateway: ObjectKey) -> String {
        "\(gateways)/\(gateway.namespace)_\(gateway.name).kubeconfig"
    }
    /// Where a gateway's pod has its files.
    package func gatewayRun(_ pod: ObjectKey) -> String { "\(gateways)/\(pod.namespace)_\(pod.name)" }
    var gateways: String { path + "/gateways" }
    var resolvers: String { path + "/resolvers" }
    package var logs: String { path + "/logs" }
    /// Who wrote what to the lab's API.
    package var auditLog: String { path + "/audit.log" }

    /// The files of the audit log that there are, the oldest first.
    package var auditLogs: [String] {
        let older = (1...9).reversed().map { "\(auditLog).\($0)" }
        return (older + [auditLog]).filter { FileManager.default.fileExists(atPath: $0) }
    }

    /// What a pod sees as `/etc/resolv.conf`, when that is not the machine's.
    package func resolver(of pod: ObjectKey) -> String { "\(resolvers)/\(pod.namespace)_\(pod.name)" }

    package func log(_ process: String) -> String { "\(logs)/\(process).log" }
    package func node(_ node: String) -> String { "\(path)/nodes/\(node)" }
    package func nodeKubeconfig(_ node: String) -> String { self.node(node) + "/kubeconfig" }
    package func nodeState(_ node: String) -> String { self.node(node) + "/state" }
    package func nodeRun(_ node: String) -> String { self.node(node) + "/run" }
    package func nodeEgress(_ node: String) -> String { self.node(node) + "/egress" }
    package func nodeFailover(_ node: String) -> String { self.node(node) + "/failover" }
    /// What an agent asks of the process that learns names: there from the first policy on that mentions one.
    package func nameOrders(_ node: String) -> String { nodeRun(node) + "/names.json" }
    package func agentSocket(_ node: String) -> String { nodeRun(node) + "/agent.sock" }

    /// Makes the directories; only root may look inside, because kubeconfigs are there.
    package func create(nodes: [String]) throws {
        let private700: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
        for path in [Self.parent, path] {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: private700)
        }
        for path in [logs, apiData, resolvers, gateways] + nodes.flatMap({ [nodeState($0), nodeRun($0)] }) {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
    }

    /// Nothing happens if it is not there.
    package func remove() throws {
        guard FileManager.default.fileExists(atPath: path) else { return }
        try FileManager.default.removeItem(atPath: path)
        let others = (try? FileManager.default.contentsOfDirectory(atPath: Self.parent)) ?? []
        if others.isEmpty { try? FileManager.default.removeItem(atPath: Self.parent) }
    }

    /// Throws when there are labs that this user may not see.
    package static func requireReadable() throws {
        let files = FileManager.default
        guard files.fileExists(atPath: parent), !files.isReadableFile(atPath: parent) else { return }
        throw LabError(
            "the labs in \(parent) belong to root, and you are not root", remedy: "Run it with sudo, or as root.")
    }

    package var exists: Bool { FileManager.default.fileExists(atPath: path) }

    /// The labs that have a directory, sorted by name.
    package static func all() -> [LabDirectory] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
        return names.sorted().compactMap { try? LabName($0) }.map(LabDirectory.init)
    }

    /// The end of a log, for error messages; empty when there is none.
    package func tail(ofLog process: String, lines: Int = 12) -> String {
        guard let data = FileManager.default.contents(atPath: log(process)) else { return "" }
        return String(decoding: data.suffix(16384), as: UTF8.self).split(separator: "\n").suffix(lines)
            .joined(separator: "\n")
    }
}
