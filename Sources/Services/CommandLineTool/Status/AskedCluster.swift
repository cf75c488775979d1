import FoundationEssentials
package import KubernetesClient
package import Lab
import NodeAgent

/// The cluster that a verb asks, and what of this machine is part of it.
package struct AskedCluster: Sendable {
    /// The lab that the cluster is; nil when it is none of this machine's.
    package let lab: LabDirectory?
    /// The machine's other labs: they have nothing to do with what is asked.
    package let otherLabs: [LabDirectory]

    /// `configuration` is nil when there is no cluster to ask.
    package init(_ configuration: ClusterConfiguration?, labs: [LabDirectory] = LabDirectory.all()) {
        let found = configuration.flatMap { asked in
            labs.first { lab in Self.waysTo(lab).contains { Self.isSameCluster($0, asked) } }
        }
        lab = found
        otherLabs = labs.filter { $0 != found }
    }

    /// The run directories of the agents that belong to the cluster.
    ///
    /// A lab has its own agents. To any other cluster belongs the agent of this machine, unless the API knows the
    /// cluster's `nodes` and its node is none of them.
    package func agentDirectories(standard: String = AgentReport.standardDirectory, nodes: Set<String>?) -> [String] {
        if let lab {
            return ((try? LabState.read(lab))?.topology.nodes ?? []).map { lab.nodeRun($0.name) }
        }
        guard AgentReport.exists(in: standard) else { return [] }
        guard let nodes, let node = AgentReport.status(in: standard)?.node else { return [standard] }
        return nodes.contains(node) ? [standard] : []
    }

    /// How people and the lab's own programs reach its API server.
    private static func waysTo(_ lab: LabDirectory) -> [ClusterConfiguration] {
        let socket = ClusterConfiguration(server: .unixSocket(path: lab.apiSocket))
        return [socket] + [try? ClusterConfiguration.load(kubeconfig: lab.adminKubeconfig)].compactMap(\.self)
    }

    /// Whether two configurations lead to one cluster: by the authority that signs for it, which no other cluster has,
    /// or by the server's address where one of them names no authority.
    package static func isSameCluster(_ one: ClusterConfiguration, _ other: ClusterConfiguration) -> Bool {
        if let mine = one.certificateAuthority?.pem, let theirs = other.certificateAuthority?.pem {
            return mine == theirs
        }
        return one.server == other.server
    }
}

extension ClusterConfiguration.Material {
    /// The PEM text; nil when its file cannot be read.
    fileprivate var pem: [UInt8]? {
        switch self {
        case .bytes(let bytes): bytes
        case .file(let path): FileManager.default.contents(atPath: path).map { [UInt8]($0) }
        }
    }
}
