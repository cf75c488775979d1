import CNISpec
import Foundation
import LinuxSystem
import Logging
import NodeAgent
import NodeAgentFakes
import RoutingDriver
import TestSupport
import Testing
import ToolRunner

/// A node namespace with an agent's CNI endpoint in it, and pods' namespaces to attach: real plugin, real socket, real
/// veth pairs.
///
/// Only the policy datapath is a fake.
final class PluginHost: Sendable {
    let node: TestNamespace
    let directory: TemporaryDirectory
    let datapath = FakeDatapath()
    let routing: Rtnetlink
    let plugin: String
    var socket: String { directory.file("agent.sock") }

    init() throws {
        node = try TestNamespace("node")
        directory = try TemporaryDirectory()
        routing = try Rtnetlink(in: node.reference)
        plugin = try BuiltProgram.path("gabion-cni")
    }

    /// Runs `body` while an agent answers on the socket; a fresh one each time, over the same kernel and state.
    func withAgent<Result: Sendable>(_ body: @Sendable () async throws -> Result) async throws -> Result {
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let service = try AttachmentService(
            datapath: datapath, wiring: KernelPodWiring(routing: routing),
            file: LedgerFile(stateDirectory: directory.path), logger: logger,
            now: { Int64(Date().timeIntervalSince1970) })
        try await service.adoptSurvivors()
        let endpoint = PluginEndpoint(path: socket, answer: PluginAnswer(service: service), logger: logger)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await endpoint.run() }
            try await waitForSocket()
            let result = try await body()
            group.cancelAll()
            return result
        }
    }

    private func waitForSocket() async throws {
        try await eventually("somebody listens on \(socket)", within: .seconds(5)) {
            (try? Socket.connect(unix: socket)) != nil
        }
    }

    struct Answer: Sendable {
        let exitCode: Int
        let output: String

        func decoded<Value: Decodable>(as type: Value.Type) throws -> Value {
            try JSONDecoder().decode(type, from: Data(output.utf8))
        }
    }

    /// Runs the plugin as a runtime does.
    func call(
        _ command: String, container: String = "c1", pod: TestNamespace? = nil, version: String = "1.1.0",
        network: String = "gabion", interface: String = "eth0", extra: String = ""
    ) async throws -> Answer {
        var variables = ["CNI_COMMAND=\(command)", "CNI_PATH=/opt/cni/bin"]
        if ["ADD", "DEL", "CHECK"].contains(command) {
            variables += [
                "CNI_CONTAINERID=\(container)", "CNI_IFNAME=\(interface)",
                "CNI_ARGS=IgnoreUnknown=1;K8S_POD_NAMESPACE=shop;K8S_POD_NAME=\(container)",
            ]
            if let pod { variables.append("CNI_NETNS=\(pod.path)") }
        }
        let configuration =
            #"{"cniVersion":"\#(version)","name":"\#(network)","type":"gabion-cni","socket":"\#(socket)"\#(extra)}"#
        return try await run(variables, input: configuration)
    }

    func run(_ variables: [String], input: String) async throws -> Answer {
        let output = try await ToolRunner().run(
            "env", ["-i"] + variables + ["/bin/sh", "-c", ##""$0"; echo "#$?""##, plugin], input: Array(input.utf8))
        let text = String(decoding: output.standardOutput, as: UTF8.self)
        let parts = text.split(separator: "#", omittingEmptySubsequences: false)
        let code = parts.last.flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) } ?? -1
        return Answer(
            exitCode: code,
            output: parts.dropLast().joined(separator: "#").trimmingCharacters(in: .whitespacesAndNewlines))
    }
}
