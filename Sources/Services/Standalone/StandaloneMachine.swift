import ClusterAPI
import EmbeddedAPI
import Foundation
import KubernetesClient
import LinuxSystem
package import Logging
import ServiceLifecycle
import ToolRunner

/// One machine without Kubernetes: the same programs that a cluster runs, each a process of its own, for the containers of other
/// runtimes.
///
/// When it ends, the kernel keeps what is in force for the containers that run.
package struct StandaloneMachine: ServiceLifecycle.Service {
    private let settings: StandaloneSettings
    private let logger: Logger
    /// Told once everything answers: the paths that people need.
    private let isReady: @Sendable () -> Void

    package init(_ settings: StandaloneSettings, logger: Logger, isReady: @escaping @Sendable () -> Void) {
        self.settings = settings
        self.logger = logger
        self.isReady = isReady
    }

    /// Until graceful shutdown.
    ///
    /// - Throws: `StandaloneError` when a part does not come up.
    package func run() async throws {
        for directory in [settings.dataDirectory, settings.agentDirectory, settings.runDirectory] {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
        try letPacketsThrough()
        let api = process(
            "apiserver",
            [
                "--data-dir", settings.apiDirectory, "--listen", settings.listen, "--socket", settings.apiSocket,
                "--service-network", "\(settings.serviceNetwork)",
            ])
        do {
            try await withThrowingDiscardingTaskGroup { group in
                group.addTask { try await api.run() }
                group.addTask {
                    try await cancelWhenGracefulShutdown { try await self.runParts(beside: api) }
                    // The API server is the last to go.
                    throw CancellationError()
                }
            }
        } catch is CancellationError {
            // The end that was asked for.
        }
    }

    private func runParts(beside api: ManagedProcess) async throws {
        try await wait(for: api, "the API server answers", seconds: 60) {
            FileManager.default.fileExists(atPath: settings.apiSocket)
                && FileManager.default.fileExists(atPath: settings.adminKubeconfig)
        }
        let place = ClusterConfiguration(server: .unixSocket(path: settings.apiSocket), origin: "this machine")
        try await KubernetesClient.withClient(place, logger: logger) { client in
            try await wait(for: api, "the API server answers", seconds: 60) {
                (try? await client.serverVersion()) != nil
            }
            try await StandaloneObjects(settings: settings, client: client, logger: logger).write()
        }
        try issue("controller", "gabion:controller", [Identity.controllersGroup])
        try issue("node", "system:node:\(settings.node)", [Identity.nodesGroup, Identity.containersGroup])
        let agent = process(
            "agent",
            [
                "--node", settings.node, "--kubeconfig", settings.kubeconfig("node"), "--state-dir",
                settings.agentDirectory, "--run-dir", settings.runDirectory, "--containers", settings.namespace,
            ])
        let parts = [
            process("controller", ["--kubeconfig", settings.kubeconfig("controller")]), agent,
            process("names", ["--node", settings.node, "--run-dir", settings.runDirectory]),
        ]
        // An earlier agent's.
        try? FileManager.default.removeItem(atPath: settings.agentStatus)
        try await withThrowingDiscardingTaskGroup { group in
            for part in parts { group.addTask { try await part.run() } }
            try await wait(for: agent, "the agent attaches containers", seconds: 60) { isAttaching }
            try RuntimeNetwork.write(settings)
            isReady()
        }
    }

    /// What the agent says of itself.
    private var isAttaching: Bool {
        let data = FileManager.default.contents(atPath: settings.agentStatus) ?? Data()
        return (try? JSONDecoder().decode(JSONValue.self, from: data))?["isReady"] == true
    }

    private func process(_ verb: String, _ arguments: [String]) -> ManagedProcess {
        var program = Program(settings.program, [verb] + arguments + ["--log-level", settings.logLevel])
        program.output = .inherit
        return ManagedProcess(verb, program, grace: .seconds(10))
    }

    /// A certificate of a year, anew at each start.
    private func issue(_ part: String, _ user: String, _ groups: Set<String>) throws {
        let kubeconfig = try Kubeconfig.issue(
            for: Identity(user: user, groups: groups), dataDirectory: settings.apiDirectory, server: nil)
        try kubeconfig.write(to: settings.kubeconfig(part))
    }

    private func letPacketsThrough() throws {
        for path in ["net/ipv4/ip_forward", "net/ipv6/conf/all/forwarding"]
        where FileManager.default.fileExists(atPath: "/proc/sys/" + path) {
            if try Sysctl.read(path) != "1" { try Sysctl.write(path, "1") }
        }
    }

    private func wait(
        for process: ManagedProcess, _ what: String, seconds: Int, until isTrue: () async throws -> Bool
    ) async throws {
        let end = ContinuousClock.now + .seconds(seconds)
        while try await !isTrue() {
            let status = process.status
            if status.restarts >= 4 || ContinuousClock.now > end {
                throw StandaloneError(
                    part: process.name, what: what,
                    reason: status.lastExit.map { "it ended with \($0)" } ?? "not within \(seconds) s")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}

/// A part that does not come up.
package struct StandaloneError: Error, CustomStringConvertible, Sendable {
    package let part: String
    package let what: String
    package let reason: String

    package var description: String { "gabion \(part) does not work (\(what): \(reason)); its own words are above" }
}
