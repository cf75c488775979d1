import ClusterAPI
import Foundation
import Lab
import LinuxSystem
import NetworkTypes
import TestSupport
import Testing

@Suite("Nodes whose clocks are wrong", .requiresRoot, .serialized, .timeLimit(.minutes(5)))
struct SkewSuite {
    /// The programs, of which the agents of two nodes see another time than everything else.
    private static func withSkewedAgents<Result>(
        _ body: (LabBinaries) async throws -> Result
    ) async throws -> Result {
        let directory = try TemporaryDirectory()
        let programs = try LabBinaries()
        for path in [programs.plugin, programs.responder] {
            try FileManager.default.createSymbolicLink(
                atPath: directory.file(URL(filePath: path).lastPathComponent), withDestinationPath: path)
        }
        func exports(_ lead: Duration) throws -> String {
            let clock = try WrongClock.environment(ahead: lead)
            return "export " + clock.map { "\($0.key)='\($0.value)'" }.joined(separator: " ")
        }
        try directory.write(
            """
            #!/bin/sh
            case "$1 $3" in
                "agent node-1") \(try exports(.seconds(600))) ;;
                "agent node-2") \(try exports(.seconds(-600))) ;;
            esac
            exec '\(programs.gabion)' "$@"
            """, to: "gabion")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: directory.file("gabion"))
        return try await body(try LabBinaries(directory: directory.path))
    }

    @Test("agents with clocks ten minutes ahead and behind keep policy, and bring new pods under it")
    func agents() async throws {
        try await Self.withSkewedAgents { binaries in
            let objects = RestartSuite.pods + [RestartSuite.onlyClient]
            try await SuiteLab.with(objects: objects, binaries: binaries) { lab in
                let server = try await SuiteLab.address(of: "shop/server", lab)
                try await judge(server, lab, client: "client", stranger: "stranger")
                // The clocks are wrong, or all of this proves nothing.
                for (node, words) in [("node-1", "s ahead of"), ("node-2", "s behind")] {
                    let log = try String(contentsOfFile: lab.directory.log("agent-\(node)"), encoding: .utf8)
                    #expect(log.contains("the clock of this machine is") && log.contains(words), "\(log)")
                }
                // New pods, and another policy, while the clocks stay wrong.
                try await lab.apply([
                    SuiteLab.pod("late-server", labels: ["app": "server"], node: "node-1"),
                    SuiteLab.pod("late-client", labels: ["app": "client"], node: "node-2"),
                    SuiteLab.pod("late-stranger", node: "node-1"),
                ])
                try await eventually("the late pods have addresses", within: .seconds(30)) { () async throws -> Bool in
                    let pods = try await lab.snapshot().pods.filter { $0.key.name.hasPrefix("late-") }
                    return pods.count == 3 && pods.allSatisfy { !$0.addressTexts.isEmpty }
                }
                let late = try await SuiteLab.address(of: "shop/late-server", lab)
                for address in [server, late] {
                    try await judge(address, lab, client: "late-client", stranger: "late-stranger")
                }
            }
        }
    }

    private func judge(_ server: IPAddress, _ lab: Lab, client: String, stranger: String) async throws {
        let (client, stranger) = (
            try await lab.namespace(of: "shop/\(client)"), try await lab.namespace(of: "shop/\(stranger)")
        )
        try await eventually("the policy is in force", within: .seconds(20)) {
            try SuiteLab.connects(client, server) && !SuiteLab.connects(stranger, server)
        }
    }
}
