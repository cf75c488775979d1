import Conversations
import Foundation
import LinuxSystem
import TestSupport
import Testing
import ToolRunner

extension KubernetesSuites {
    /// The recordings that the embedded API server is held against (`Tests/Conversations`) are true.
    ///
    /// With `GABION_RECORD=1` they are made anew instead. A server without nodes is brought up for it, beside the cluster.
    @Suite("Recorded conversations", .serialized)
    struct ConversationSuite {
        @Test("the real server says what was recorded")
        func agrees() async throws {
            try await BareServer.with { server in
                let player = ConversationPlayer(server: server)
                for conversation in try APIConversation.all() { try compare(try await player.play(conversation)) }
            }
        }

        @Test("the real server has kubectl print what was recorded")
        func shows() async throws {
            try await BareServer.with { server in
                for session in try CommandSession.all() {
                    try compare(try await CommandPlayer(server: server).play(session))
                }
            }
        }

        private func compare(_ transcript: Transcript) throws {
            if Environment.value(of: "GABION_RECORD") == "1" { return try transcript.record() }
            let differences = transcript.differences(from: try .recorded(transcript.conversation))
            #expect(differences.isEmpty, "\(differences.map(\.description).joined(separator: "\n"))")
        }
    }
}

/// kube-apiserver on etcd, with the controllers that remove what is deleted, and no nodes: `Suites/kubernetes/api-up`.
enum BareServer {
    private static let scripts = RealCluster.scripts
    private static let cluster = "bare-" + (Environment.value(of: "GABION_KUBERNETES_CLUSTER") ?? "suite")
    /// Ten above that of the cluster, so that clusters of several names may be there together.
    private static let port = String(
        (Environment.value(of: "GABION_KUBERNETES_PORT").flatMap { Int($0) } ?? 16_443) + 10)
    /// The administrator's.
    static let kubeconfig = "/run/gabion-kubernetes/\(cluster)/kubeconfigs/admin"

    static func with(_ body: (ConversationServer) async throws -> Void) async throws {
        let result: Result<Void, any Error>
        do {
            try await run("api-up")
            let pki = "/run/gabion-kubernetes/\(cluster)/pki/"
            let credentials = try ["admin", "stranger"].map { name in
                (
                    name,
                    ConversationServer.Credential(
                        certificate: try text(pki + name + ".crt"), key: try text(pki + name + ".key"))
                )
            }
            try await ConversationServer.with(
                url: "https://127.0.0.1:\(port)", authority: try text(pki + "ca.crt"),
                credentials: Dictionary(uniqueKeysWithValues: credentials), body)
            result = .success(())
        } catch { result = .failure(error) }
        try await run("down")
        try result.get()
    }

    private static func run(_ script: String) async throws {
        _ = try await ToolRunner().run(
            "/usr/bin/env",
            [
                "GABION_KUBERNETES_CLUSTER=\(cluster)", "GABION_KUBERNETES_PORT=\(port)", "bash",
                "\(scripts)/\(script)",
            ],
            deadline: .seconds(120))
    }

    private static func text(_ file: String) throws -> String { try String(contentsOfFile: file, encoding: .utf8) }
}
