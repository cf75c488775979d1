import ClusterAPI
import FoundationEssentials
import KubernetesClient
import LinuxSystem
import Logging
import NetworkTypes
import ToolRunner

/// The lab's API server, controller and agents: the same programs that a real cluster runs.
struct ControlPlane: Sendable {
    let request: LabRequest
    let name: LabName
    let directory: LabDirectory
    let apiserver: ManagedProcess
    let controller: ManagedProcess
    let agents: [ManagedProcess]
    /// Run as soon as there is a FailoverGroup.
    let failover: [ManagedProcess]
    /// Run as soon as somebody asks for an egress address.
    let egress: [ManagedProcess]
    /// Run as soon as a policy mentions a name.
    let names: [ManagedProcess]

    init(_ request: LabRequest, _ name: LabName) throws {
        self.request = request
        self.name = name
        let directory = LabDirectory(name)
        self.directory = directory
        let gabion = request.binaries.gabion
        let port = try Self.freePort()
        apiserver = ManagedProcess(
            "apiserver",
            Program(
                gabion,
                [
                    "apiserver", "--data-dir", directory.apiData, "--listen", "127.0.0.1:\(port)", "--socket",
                    directory.apiSocket, "--audit-log", directory.auditLog, "--audit-log-size", "8",
                ]), in: directory)
        controller = ManagedProcess(
            "controller", Program(gabion, ["controller", "--kubeconfig", directory.controllerKubeconfig]),
            in: directory)
        agents = request.topology.nodes.map { node in
            var program = Program(
                gabion,
                [
                    "agent", "--node", node.name, "--kubeconfig", directory.nodeKubeconfig(node.name), "--state-dir",
                    directory.nodeState(node.name), "--run-dir", directory.nodeRun(node.name),
                ])
            program.namespace = .named(name.nodeNamespace(node.name))
            return ManagedProcess("agent-\(node.name)", program, in: directory)
        }
        failover = request.topology.nodes.map { node in
            var program = Program(
                gabion,
                [
                    "failover", "--node", node.name, "--kubeconfig", directory.nodeKubeconfig(node.name), "--run-dir",
                    directory.nodeFailover(node.name),
                ])
            program.namespace = .named(name.nodeNamespace(node.name))
            return ManagedProcess("failover-\(node.name)", program, in: directory)
        }
        egress = request.topology.nodes.map { node in
            var program = Program(
                gabion,
                [
                    "egress", "--node", node.name, "--kubeconfig", directory.nodeKubeconfig(node.name), "--run-dir",
                    directory.nodeEgress(node.name),
                ])
            program.namespace = .named(name.nodeNamespace(node.name))
            return ManagedProcess("egress-\(node.name)", program, in: directory)
        }
        names = request.topology.nodes.map { node in
            var program = Program(
                gabion, ["names", "--node", node.name, "--run-dir", directory.nodeRun(node.name)])
            program.namespace = .named(name.nodeNamespace(node.name))
            return ManagedProcess("names-\(node.name)", program, in: directory)
        }
    }

    var processes: [ManagedProcess] {
        [apiserver, controller] + agents + (failover + egress + names).filter { $0.status != ManagedProcess.State() }
    }

    var nameProcesses: NameProcesses {
        NameProcesses(directory: directory, nodes: request.topology.nodes.map(\.name), processes: names)
    }

    /// A port of 127.0.0.1 that nobody has now.
    private static func freePort() throws -> UInt16 {
        let socket = try Socket(.tcp, .v4)
        try socket.bind(to: SocketAddress(IPAddress(v4: 0x7F00_0001), port: 0))
        return try socket.localAddress()?.port ?? 6443
    }

    /// The lab's own client: root on the unix socket.
    func withClient(_ body: (KubernetesClient) async throws -> Void) async throws {
        let configuration = ClusterConfiguration(
            server: .unixSocket(path: directory.apiSocket), origin: "lab \(name)")
        var logger = Logger(label: "gabion.lab")
        logger.logLevel = .error
        try await KubernetesClient.withClient(configuration, logger: logger, body)
    }

    /// Waits until the API server answers, and copies the administrator's kubeconfig to where people look.
    func waitForAPI(_ client: KubernetesClient) async throws {
        try await wait(for: apiserver, seconds: 30) { (try? await client.serverVersion()) != nil }
        let source = directory.apiData + "/admin.kubeconfig"
        try await wait(for: apiserver, seconds: 5) { FileManager.default.fileExists(atPath: source) }
        try FileManager.default.copyItem(atPath: source, toPath: directory.adminKubeconfig)
    }

    /// Waits for a condition that `process` brings about; throws with the end of its log when it does not.
    func wait(
        for process: ManagedProcess, seconds: Int, until isTrue: () async throws -> Bool
    ) async throws {
        let end = ContinuousClock.now + .seconds(seconds)
        while true {
            if try await isTrue() { return }
            let status = process.status
            if status.restarts >= 4 || ContinuousClock.now > end {
                let why = status.lastExit.map { "it ended with \($0)" } ?? "it was not ready after \(seconds) s"
                throw LabError(
                    "\(process.name) does not work: \(why)\n" + directory.tail(ofLog: process.name),
                    remedy: "Read \(directory.log(process.name)).")
            }
            try await Task.sleep(for: .milliseconds(30))
        }
    }
}
