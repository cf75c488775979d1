import ClusterAPI
import FlowLog
import FoundationEssentials
import KubernetesClient
import Lab
import NodeAgent

/// The nodes whose agents are asked, and those that should be and cannot be.
struct FlowSources: Sendable {
    struct Node: Hashable, Sendable {
        let name: String
        let socket: String
    }

    private(set) var nodes: [Node] = []
    /// Nodes of the cluster without an agent that can be asked from here, and why.
    private(set) var missing: [(name: String, reason: String)] = []

    /// - Parameter directories: agents' run directories; empty finds the agent of this machine, the nodes of its labs, and
    ///   the other nodes of the cluster.
    static func find(_ directories: [String], _ cluster: ClusterOption) async -> FlowSources {
        var sources = FlowSources()
        for directory in directories { sources.add(name(of: directory) ?? directory, directory) }
        guard directories.isEmpty else { return sources }
        if AgentReport.exists(in: AgentReport.standardDirectory) {
            sources.add(name(of: AgentReport.standardDirectory) ?? "this node", AgentReport.standardDirectory)
        }
        for lab in LabDirectory.all() {
            for node in (try? LabState.read(lab))?.topology.nodes ?? [] {
                sources.add(node.name, lab.nodeRun(node.name))
            }
        }
        await sources.addMissing(cluster)
        return sources
    }

    private mutating func add(_ name: String, _ directory: String) {
        nodes.append(Node(name: name, socket: FlowLogService.socket(in: directory)))
    }

    /// The agent's own word for its node.
    private static func name(of directory: String) -> String? {
        FileManager.default.contents(atPath: directory + "/status.json")
            .flatMap { try? JSONDecoder().decode(AgentStatus.self, from: $0) }?.node
    }

    /// Every node that the API knows is accounted for.
    private mutating func addMissing(_ cluster: ClusterOption) async {
        let known = Set(nodes.map(\.name))
        do {
            let all = try await cluster.withClient { client in
                try await client.list(ClusterAPI.Node.self).items.compactMap(\.metadata.name)
            }
            for name in all.sorted() where !known.contains(name) {
                missing.append((name, "its agent is not on this machine; ask there"))
            }
        } catch {
            let words = "\(error)".split(separator: "\n").first.map(String.init) ?? ""
            missing.append(("other nodes", "the API server does not say which there are: \(words)"))
        }
    }
}
