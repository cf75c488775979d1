import ClusterAPI
import EmbeddedAPI
import FoundationEssentials
import KubernetesClient
import LinuxSystem
import Logging
import ManifestFiles
import NodeAgent

/// `gabion agent --cleanup`: takes an agent that has ended off its node.
///
/// In the kernel goes what carries our marks, in the agent's directories the files by their names, and in the API, when a
/// kubeconfig is named, what the agent said about its Node.
struct AgentCleanup {
    /// Everything that an agent writes there.
    private static let runFiles = ["agent.sock", "flows.sock", "status.json", NameFiles.orders]
    private static let stateFiles = ["attachments.json", "flows.sqlite", "flows.sqlite-wal", "flows.sqlite-shm"]

    let stateDirectory: String
    let runDirectory: String

    /// - Throws: before anything is removed, while an agent runs: it would bring everything back.
    func run(node: String, kubeconfig: String?, logger: Logger) async throws {
        try requireNoAgent()
        try await SoleProcess.run("agent") { try await remove(node, kubeconfig, logger) }
    }

    private func remove(_ node: String, _ kubeconfig: String?, _ logger: Logger) async throws {
        let cluster = try kubeconfig.map { try ClusterConfiguration.load(kubeconfig: $0) }
        try await HostKernel().removeEverything()
        try removeFiles()
        if let cluster {
            try await KubernetesClient.withClient(cluster, logger: logger) { try await Self.clear($0, node) }
        }
    }

    private func requireNoAgent() throws {
        let socket = runDirectory + "/agent.sock"
        guard (try? Socket.connect(unix: socket)) != nil else { return }
        throw CommandFailure(
            "nothing was removed: an agent answers on \(socket), and would bring everything back at once",
            remedy: "Stop the agent, and what starts it again, first.")
    }

    /// The addresses go with the pods' interfaces: nobody has them any more.
    private func removeFiles() throws {
        for (directory, names) in [(runDirectory, Self.runFiles), (stateDirectory, Self.stateFiles)] {
            for path in names.map({ directory + "/" + $0 }) where exists(path) {
                do {
                    try FileManager.default.removeItem(atPath: path)
                } catch {
                    throw CommandFailure(
                        "the kernel is clean, but \(path) cannot be removed: \(FileFault.reason(error))",
                        remedy: "Remove it by hand.")
                }
            }
            // With files of others in it, or as a mount, it is not only ours.
            if (try? FileManager.default.contentsOfDirectory(atPath: directory))?.isEmpty == true {
                try? FileManager.default.removeItem(atPath: directory)
            }
        }
    }

    /// Sockets without a listener, too.
    private func exists(_ path: String) -> Bool { (try? FileManager.default.attributesOfItem(atPath: path)) != nil }

    /// The conditions, the annotation and the Lease; a Node that is gone has none.
    static func clear(_ client: KubernetesClient, _ node: String) async throws {
        let conditions = NodeConditions.types.map { type -> JSONValue in
            ["type": .string(type), "$patch": "delete"]
        }
        do {
            try await client.patch(
                Node.self, node, with: .strategic(["status": ["conditions": .array(conditions)]]),
                subresource: "status")
            try await client.patch(
                Node.self, node, with: .merge(["metadata": ["annotations": [FlowEndpointAnnotation.key: .null]]]))
        } catch  where error.apiFailure?.isNotFound == true {
            client.logger.info("there is no such Node", metadata: ["node": "\(node)"])
        }
        let lease = AgentLease.key(ofNode: node)
        do {
            try await client.delete(Lease.self, lease.name, in: lease.namespace)
        } catch  where error.apiFailure?.isNotFound == true {
            return
        }
    }
}
