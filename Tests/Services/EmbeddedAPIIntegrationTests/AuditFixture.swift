import ClusterAPI
import EmbeddedAPI
import Foundation
import TestSupport

/// A server that keeps an audit log, and what the log says.
struct AuditFixture: Sendable {
    let server: ServerFixture
    let path: String

    static let zones = "/apis/gabion.io/v1/zones"
    static let maps = "/api/v1/namespaces/default/configmaps"

    static func with(
        size: Int = 1 << 20, kept: Int = 4, socket: Bool = false, path: String? = nil,
        _ body: @Sendable (AuditFixture) async throws -> Void
    ) async throws {
        let directory = try TemporaryDirectory()
        let path = path ?? directory.file("audit.log")
        let options = AuditLogOptions(path: path, largestSize: size, keptFiles: kept)
        try await ServerFixture.with(socket: socket, audit: options) { server in
            try await body(AuditFixture(server: server, path: path))
        }
    }

    func text(_ suffix: String = "") throws -> String { try String(contentsOfFile: path + suffix, encoding: .utf8) }

    /// Every line is an event.
    func events() throws -> [JSONValue] { try Self.events(try text()) }

    static func events(_ text: String) throws -> [JSONValue] {
        try text.split(separator: "\n").map { try JSONText.decode($0.utf8) }
    }

    static func zone(_ name: String?, order: Int, generated: String? = nil) -> JSONValue {
        var zone: JSONValue = [
            "apiVersion": "gabion.io/v1", "kind": "Zone", "metadata": [:], "spec": ["order": .int(Int64(order))],
        ]
        zone["metadata"]?["name"] = name.map(JSONValue.string)
        zone["metadata"]?["generateName"] = generated.map(JSONValue.string)
        return zone
    }
}

extension JSONValue {
    /// `USER VERB NAME CODE` of an audit event.
    var auditSummary: String {
        let parts = [self["user"]?["username"], self["verb"], self["objectRef"]?["name"]].map { $0?.string ?? "-" }
        return parts.joined(separator: " ") + " \(self["responseStatus"]?["code"]?.int ?? 0)"
    }
}
