import ClusterAPI
import EmbeddedAPI
import FlowLog
import KubernetesClient
import NodeAgent

/// The nodes whose agents are asked, and those that should be and cannot be.
struct FlowSources: Sendable {
    struct Node: Hashable, Sendable {
        let name: String
        let place: FlowClient.Place
    }

    private(set) var nodes: [Node] = []
    /// Nodes of the cluster without an agent that can be asked from here, and why.
    private(set) var missing: [(name: String, reason: String)] = []

    /// These agents and no others.
    init(runDirectories: [String]) {
        nodes = runDirectories.map { directory in
            Node(
                name: AgentReport.status(in: directory)?.node ?? directory,
                place: .socket(FlowLogService.socket(in: directory)))
        }
    }

    /// The cluster's agents: on this machine by their sockets, others where their Nodes say that they answer.
    static func find(_ cluster: ClusterOption) async -> FlowSources {
        let configuration = try? cluster.configuration()
        let asked = AskedCluster(configuration)
        do {
            let all = try await cluster.withClient { try await $0.list(ClusterAPI.Node.self).items }
            let names = Set(all.compactMap(\.metadata.name))
            var sources = FlowSources(runDirectories: asked.agentDirectories(nodes: names))
            sources.add(all, configuration)
            return sources
        } catch {
            var sources = FlowSources(runDirectories: asked.agentDirectories(nodes: nil))
            let cause = CommandFailure(error).cause
            sources.missing = [("(others)", "the API server does not say which nodes there are: \(cause)")]
            return sources
        }
    }

    /// Those of the cluster's nodes that are not yet among the sources.
    mutating func add(_ all: [ClusterAPI.Node], _ configuration: ClusterConfiguration?) {
        let known = Set(nodes.map(\.name))
        let credentials = Result {
            guard let configuration else { throw CommandFailure("there is no kubeconfig", remedy: "Name one.") }
            return try FlowCredentials(configuration)
        }
        for node in all.sorted(by: { ($0.metadata.name ?? "") < ($1.metadata.name ?? "") }) {
            guard let name = node.metadata.name, !known.contains(name) else { continue }
            let key = FlowEndpointAnnotation.key
            guard let text = node.metadata.annotations?[key] else {
                missing.append(
                    (
                        name,
                        "its agent is not on this machine, and publishes no \(key): ask there, or start it with --flow-listen"
                    ))
                continue
            }
            guard let address = FlowEndpointAnnotation.endpoint(text) else {
                missing.append((name, "its annotation \(key) is no ADDRESS:PORT to connect to"))
                continue
            }
            switch credentials {
            case .success(let credentials):
                nodes.append(Node(name: name, place: .network(address, node: name, credentials)))
            case .failure(let error):
                let failure = CommandFailure(error)
                missing.append((name, "\(failure.cause). \(failure.remedy)"))
            }
        }
    }
}
