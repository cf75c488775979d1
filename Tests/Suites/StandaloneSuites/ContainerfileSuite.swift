import Foundation
import TestSupport
import Testing
import ToolRunner

extension StandaloneSuites {
    /// On this machine itself, beside the other: see `Suites/standalone/containerfiles`.
    @Suite struct ContainerfileSuite {
        private static let script =
            (#filePath.split(separator: "/").dropLast(4).map { "/" + $0 }.joined())
            + "/Suites/standalone/containerfiles"
        /// How its lines begin: an image, and what a program says that is run from it.
        private static let answers = [
            "gabion: /usr/bin/gabion ", "gabion: nftables v", "gabion-failover: /usr/bin/gabion ",
            "gabion-failover: nftables v", "gabion-failover: Keepalived v", "gabion-gateway: /usr/bin/gabion ",
            "gabion-gateway: nftables v", "gabion-gateway: envoy ",
        ]

        @Test(
            "podman builds deploy/images/*Containerfile, and the programs that each image is for run from it",
            .timeLimit(.minutes(8)))
        func images() async throws {
            let output = try await ToolRunner().run(
                "/usr/bin/env", ["bash", Self.script], environment: ProcessInfo.processInfo.environment,
                deadline: .seconds(420))
            let lines = String(decoding: output.standardOutput, as: UTF8.self).split(separator: "\n")
            for answer in Self.answers { #expect(lines.contains { $0.hasPrefix(answer) }, "\(answer): \(lines)") }
        }
    }
}
