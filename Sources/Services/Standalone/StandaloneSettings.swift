import CNISpec
package import NetworkTypes

/// What one machine without Kubernetes is.
package struct StandaloneSettings: Hashable, Sendable {
    package var dataDirectory = "/var/lib/gabion"
    package var runDirectory = "/run/gabion"
    package var node: String
    /// By which the machine is known to its containers.
    package var address: IPAddress
    /// Where the API is served besides the socket.
    package var listen = "127.0.0.1:6443"
    package var podNetwork: CIDR
    package var serviceNetwork: CIDR
    /// The namespace of containers that name none.
    package var namespace = "default"
    /// Where runtimes look for networks; nil leaves that to somebody else.
    package var runtimeDirectory: String? = "/etc/cni/net.d"
    package var logLevel = "info"
    /// The program `gabion`.
    package var program: String

    package init(node: String, address: IPAddress, podNetwork: CIDR, serviceNetwork: CIDR, program: String) {
        self.node = node
        self.address = address
        self.podNetwork = podNetwork
        self.serviceNetwork = serviceNetwork
        self.program = program
    }

    // MARK: Files

    package var apiDirectory: String { dataDirectory + "/api" }
    package var apiSocket: String { runDirectory + "/api.sock" }
    package var agentDirectory: String { dataDirectory + "/agent" }
    var agentStatus: String { runDirectory + "/status.json" }
    package var agentSocket: String { runDirectory + "/agent.sock" }
    /// For people.
    package var adminKubeconfig: String { apiDirectory + "/admin.kubeconfig" }

    func kubeconfig(_ part: String) -> String { dataDirectory + "/\(part).kubeconfig" }

    package var networkList: String? { runtimeDirectory.map { $0 + "/" + NetworkList.fileName } }
}
