import ClusterAPI
import EmbeddedAPI
import Foundation
import NIOHTTP1
import Testing

@Suite("The file of the audit log", .timeLimit(.minutes(1)))
struct AuditFileTests {
    private static let maps = AuditFixture.maps

    /// Deletions of what is not there: a line each.
    private static func write(_ names: [String], _ fixture: AuditFixture) async throws {
        for name in names { try await fixture.server.admin.send(.DELETE, maps + "/" + name) }
    }

    @Test("full files are put aside, the newest as .1; no more are kept than were asked for, for their owner's eyes")
    func rotates() async throws {
        try await AuditFixture.with(size: 1, kept: 2) { fixture in
            try await Self.write(["a", "b", "c", "d", "e"], fixture)
            let names = try ["", ".1", ".2"].map { suffix in
                try AuditFixture.events(try fixture.text(suffix)).map { $0["objectRef"]?["name"]?.string }
            }
            #expect(names == [["e"], ["d"], ["c"]])
            #expect(!FileManager.default.fileExists(atPath: fixture.path + ".3"))
            for suffix in ["", ".1"] {
                let attributes = try FileManager.default.attributesOfItem(atPath: fixture.path + suffix)
                #expect(attributes[.posixPermissions] as? Int == 0o600)
            }
        }
    }

    @Test("when the disk is full, writes go on, and /metrics counts the lines that are missing")
    func countsLosses() async throws {
        try await AuditFixture.with(path: "/dev/full") { fixture in
            let made = try await fixture.server.admin.send(.POST, Self.maps, TestObjects.configMap("a"))
            #expect(made.status == 201)
            try await Self.write(["a"], fixture)
            let metrics = try await fixture.server.admin.get("/metrics").text
            #expect(metrics.contains("gabion_apiserver_audit_lines_lost_total 2\n"))
            #expect(metrics.contains("gabion_apiserver_audit_lines_total 0\n"))
        }
    }

    @Test("a log that was taken away or emptied goes on in its place")
    func survivesOthers() async throws {
        try await AuditFixture.with { fixture in
            try await Self.write(["a"], fixture)
            try FileManager.default.moveItem(atPath: fixture.path, toPath: fixture.path + ".old")
            try await Self.write(["b"], fixture)
            #expect(try fixture.events().map(\.auditSummary) == ["t delete b 404"])
            let handle = try FileHandle(forWritingTo: URL(filePath: fixture.path))
            try handle.truncate(atOffset: 0)
            try handle.close()
            try await Self.write(["c"], fixture)
            #expect(try fixture.events().map(\.auditSummary) == ["t delete c 404"])
        }
    }

    @Test("a line that a crash cut off does not spoil the next one")
    func mendsTornLines() async throws {
        let path = FileManager.default.temporaryDirectory.path + "/gabion-audit-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        try #"{"kind":"Event","#.write(toFile: path, atomically: true, encoding: .utf8)
        try await AuditFixture.with(path: path) { fixture in
            try await Self.write(["a"], fixture)
            let lines = try fixture.text().split(separator: "\n")
            #expect(lines.count == 2)
            let last = try #require(lines.last)
            #expect(try JSONText.decode(last.utf8).auditSummary == "t delete a 404")
        }
    }

    @Test("a server that was told to keep a log does not start without it")
    func demandsTheLog() async throws {
        await #expect(throws: SecurityError.self) {
            try await AuditFixture.with(path: "/proc/none/audit.log") { _ in }
        }
    }
}
