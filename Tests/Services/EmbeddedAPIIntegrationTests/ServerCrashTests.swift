import ClusterAPI
import EmbeddedAPI
import Foundation
import LinuxSystem
import NIOHTTP1
import Synchronization
import TestSupport
import Testing

@Suite("kill -9 of gabion apiserver", .timeLimit(.minutes(2)))
struct ServerCrashTests {
    private static let maps = "/api/v1/namespaces/default/configmaps"

    /// Starts the real program and waits until it serves.
    private static func start(
        _ directory: TemporaryDirectory, _ more: [String] = []
    ) async throws -> (ProcessHandle, TestClient) {
        let data = directory.file("data")
        let output = directory.file("output-\(UUID().uuidString)")
        var program = Program(
            try BuiltProgram.path("gabion"), ["apiserver", "--data-dir", data, "--listen", "127.0.0.1:0"] + more,
            environment: Program.ownEnvironment)
        program.output = .file(output)
        let process = try program.spawn()
        for _ in 0..<1_000 {
            let text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
            if let line = text.split(separator: "\n").first(where: { $0.hasPrefix("ready: ") }) {
                var endpoints = EmbeddedAPIServer.Endpoints(kubeconfigPath: data + "/admin.kubeconfig")
                endpoints.url = line.split(separator: " ").dropFirst().first.map(String.init)
                let admin = Identity(user: "t", groups: [Identity.mastersGroup])
                return (process, try TestClient(endpoints, directory: data, as: admin))
            }
            guard process.isRunning else { throw CrashTestFailure(description: text) }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw CrashTestFailure(description: "gabion apiserver did not become ready within 20 s")
    }

    /// Writes as fast as it can with 16 clients, until the server dies; what was acknowledged, by name.
    private static func write(
        _ client: TestClient, round: Int, counting count: AcknowledgedWrites
    ) async throws -> [String: String] {
        await withTaskGroup(of: [String: String].self) { group in
            for worker in 0..<16 {
                group.addTask {
                    var acknowledged: [String: String] = [:]
                    var number = 0
                    while true {
                        let name = "r\(round)-w\(worker)-\(number % 20)"
                        let object = TestObjects.configMap(name, data: ["n": String(number)])
                        let isNew = number < 20
                        let answer = try? await client.send(
                            isNew ? .POST : .PUT, isNew ? maps : maps + "/" + name, object)
                        guard let answer, (200..<300).contains(answer.status) else { return acknowledged }
                        acknowledged[name] = answer.json["metadata"]?["resourceVersion"]?.string
                        number += 1
                        count.increase()
                    }
                }
            }
            return await group.reduce(into: [:]) { $0.merge($1) { _, new in new } }
        }
    }

    @Test("no acknowledged write is lost, in three crashes under load")
    func losesNothing() async throws {
        let directory = try TemporaryDirectory()
        var acknowledged: [String: String] = [:]
        for round in 0..<3 {
            let (process, client) = try await Self.start(directory)
            let count = AcknowledgedWrites()
            async let written = Self.write(client, round: round, counting: count)
            try await eventually { count.value >= 150 * (round + 1) }
            try process.send(.kill)
            let own = try await written
            acknowledged.merge(own) { _, new in new }
            _ = try await process.exit(within: .seconds(5))
            try await client.close()
        }
        let (process, client) = try await Self.start(directory)
        let list = try await client.get(Self.maps)
        var stored: [String: UInt64] = [:]
        for item in list.items {
            let metadata = item["metadata"]
            stored[metadata?["name"]?.string ?? ""] = metadata?["resourceVersion"]?.string.flatMap(UInt64.init)
        }
        for (name, text) in acknowledged {
            // A write that was not acknowledged may have reached the disk after the last one that was.
            #expect(stored[name] ?? 0 >= UInt64(text) ?? .max, "\(name)")
        }
        let highest = list.json["metadata"]?["resourceVersion"]?.string.flatMap(UInt64.init) ?? 0
        #expect(highest >= stored.values.max() ?? 0)
        try process.send(.terminate)
        #expect(try await process.exit(within: .seconds(10)) == .code(0))
        try await client.close()
    }

    @Test("no acknowledged write is missing in the audit log")
    func losesNoLine() async throws {
        let directory = try TemporaryDirectory()
        let (process, client) = try await Self.start(directory, ["--audit-log", directory.file("audit.log")])
        let count = AcknowledgedWrites()
        async let written = Self.write(client, round: 0, counting: count)
        try await eventually { count.value >= 150 }
        try process.send(.kill)
        let names = try await written.keys
        _ = try await process.exit(within: .seconds(5))
        try await client.close()
        let lines = try AuditFixture.events(try String(contentsOfFile: directory.file("audit.log"), encoding: .utf8))
        let done = lines.filter { (200..<300).contains($0["responseStatus"]?["code"]?.int ?? 0) }
        #expect(done.count >= count.value)
        #expect(Set(names).isSubset(of: done.compactMap { $0["objectRef"]?["name"]?.string }))
    }
}

/// Counts what all writers got acknowledged.
private final class AcknowledgedWrites: Sendable {
    private let count = Atomic<Int>(0)

    var value: Int { count.load(ordering: .relaxed) }
    func increase() { count.add(1, ordering: .relaxed) }
}

private struct CrashTestFailure: Error, CustomStringConvertible {
    let description: String
}
