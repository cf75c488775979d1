import APIMachinery
import AuditTrail
import CommandLineTool
import Foundation
import ManifestFiles
import TestSupport
import Testing

/// `gabion audit zones --audit-log`, from files to text.
@Suite struct ZoneLogTests {
    private static let cluster = """
        apiVersion: v1
        kind: List
        items:
        - {apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {zone: app}}}
        - {apiVersion: gabion.io/v1, kind: Zone, metadata: {name: dmz, creationTimestamp: "2026-01-01T00:00:00Z"},
           spec: {order: 0, external: Allow}}
        - apiVersion: gabion.io/v1
          kind: Zone
          metadata: {name: app, creationTimestamp: "2026-05-01T10:00:00Z"}
          spec:
            order: 2
            namespaceSelector: {matchLabels: {zone: app}}
            holes: [{name: web, from: {zone: dmz}, ports: [{port: 8080}], owner: team, reason: shop}]
        """

    private static func line(
        _ minute: Int, _ verb: String, _ resource: String, _ name: String, _ rest: String, user: String = "alice",
        program: String = "kubectl/v1.31.0"
    ) -> String {
        let group = resource == "zones" ? #", "apiGroup": "gabion.io""# : ""
        return
            #"{"kind": "Event", "apiVersion": "audit.k8s.io/v1", "stage": "ResponseComplete", "auditID": "\#(minute)","#
            + #" "verb": "\#(verb)", "user": {"username": "\#(user)"}, "userAgent": "\#(program)","#
            + #" "objectRef": {"resource": "\#(resource)", "name": "\#(name)"\#(group)},"#
            + #" "stageTimestamp": "2026-05-01T10:0\#(minute):00Z", \#(rest)}"# + "\n"
    }

    private static let hole =
        #"{"name": "web", "from": {"zone": "dmz"}, "ports": [{"port": 8080}], "owner": "team", "reason": "shop"}"#

    /// The older file ends where the newer one begins.
    private static let files = [
        line(
            0, "create", "zones", "app",
            #""sourceIPs": ["192.0.2.7"], "responseStatus": {"code": 201}, "requestObject": {"kind": "Zone", "spec":"#
                + #"{"order": 1, "namespaceSelector": {"matchLabels": {"zone": "app"}}, "holes": []}}"#)
            + line(
                1, "create", "namespaces", "shop",
                #""sourceIPs": ["192.0.2.7"], "responseStatus": {"code": 201}, "responseObject":"#
                    + #" {"kind": "Namespace", "metadata": {"labels": {"zone": "app"}}}"#),
        line(
            1, "create", "namespaces", "shop", #""responseStatus": {"code": 201}"#) + "half a li\n\n"
            + line(
                2, "patch", "zones", "app",
                #""impersonatedUser": {"username": "bob"}, "sourceIPs": ["192.0.2.7", "10.0.0.1"], "#
                    + #""responseStatus": {"code": 200}, "responseObject": {"kind": "Zone", "spec":"#
                    + #"{"order": 1, "external": "Deny", "namespaceSelector": {"matchLabels": {"zone": "app"}},"#
                    + #" "holes": [\#(hole)]}}"#)
            + line(
                3, "delete", "zones", "app",
                #""annotations": {"gabion.io/peer": "pid 7 uid 0"}, "responseStatus": {"code": 403, "message": "no"}"#,
                user: "mallory"),
    ]

    private func audit(_ files: [String] = Self.files) throws -> ZoneAudit {
        let reader = ManifestReader(standardInput: { Data(Self.cluster.utf8) })
        let world = try ZoneWorld(try reader.read(["-"]), at: try #require(APITime("2026-05-20T00:00:00Z")))
        let directory = try TemporaryDirectory()
        let paths = try files.enumerated().map { try directory.write($1, to: "audit.log.\($0)") }
        let names = paths.indices.map { "audit.log.\($0)" }
        return ZoneAudit(world, log: ZoneLog(try AuditLogFiles.read(paths), files: names, world))
    }

    @Test("each change is told with its user, program, place, result, and what it did, in 80 columns")
    func text() throws {
        let text = try audit().text
        let section = try #require(
            text.split(separator: "3. WHO CHANGED WHAT\n\n").last?.split(separator: "\n\n4.").first)
        let parts = section.split(separator: "\n1 line could not be read as events; the first:")
        #expect(
            parts.first ?? "" == """
                Zone dmz
                  created 2026-01-01T00:00:00Z
                  no change of it is in the audit log
                Zone app
                  created 2026-05-01T10:00:00Z
                  2026-05-01T10:00:00Z create by alice: 201
                      with kubectl/v1.31.0 from 192.0.2.7
                    - created
                    - order 1
                    - namespaces zone=app
                  2026-05-01T10:02:00Z patch by alice as bob: 200
                      with kubectl/v1.31.0 from 192.0.2.7, 10.0.0.1
                    - hole web added: from zone dmz, members all members, to all members, ports
                      TCP 8080, owner "team", reason "shop", expires never
                  2026-05-01T10:03:00Z delete by mallory: 403
                      with kubectl/v1.31.0 from the unix socket (pid 7 uid 0)
                    - refused: no; nothing changed
                  NOT EXPLAINED by the log: it says now what no recorded request wrote:
                    - order 2 (was 1)
                Namespaces and nodes that came to other zones
                  namespace shop: 2026-05-01T10:01:00Z create by alice: 201
                      with kubectl/v1.31.0 from 192.0.2.7
                    - created in zone app
                The audit log: 4 events in audit.log.0, audit.log.1, from 2026-05-01T10:00:00Z
                to 2026-05-01T10:03:00Z.
                """)
        // The path of the file, which is wrapped somewhere, and why.
        #expect(
            parts.last?.replacing("\n", with: " ").contains("audit.log.1:2: unexpected character at byte 0") == true)
        for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    }

    @Test("the JSON has every change and what was read")
    func json() throws {
        let json = try #require(
            try JSONSerialization.jsonObject(with: Data(try audit().json.utf8)) as? [String: Any])
        let zones = try #require(json["changes"] as? [[String: Any]])
        #expect(zones.map { $0["zone"] as? String } == ["dmz", "app"])
        let requests = try #require(zones.last?["requests"] as? [[String: Any]])
        #expect(requests.map { $0["impersonatedUser"] as? String } == [nil, "bob", nil])
        #expect(requests.map { $0["code"] as? Int } == [201, 200, 403])
        #expect((requests.last?["changes"] as? [String]) == ["refused: no; nothing changed"])
        #expect((zones.last?["unexplained"] as? [String])?.count == 2)
        let log = try #require(json["auditLog"] as? [String: Any])
        #expect(log["events"] as? Int == 4 && log["foreignLines"] as? Int == 1)
        #expect((log["members"] as? [[String: Any]])?.map { $0["object"] as? String } == ["namespace shop"])
    }

    @Test("what anybody may have sent neither moves a cursor, turns text around, leaves its cell nor widens the page")
    func hostile() throws {
        let evil = #"\u001b[2J\u0007\u202e<script>alert(1)</script>\u009b"# + String(repeating: "x", count: 300)
        let spec =
            #""responseObject": {"kind": "Zone", "spec": {"order": "\#(evil)", "holes": [{"reason": "\#(evil)"}]}}"#
        let events =
            Self.line(
                0, "update", "zones", "app", #""sourceIPs": ["\#(evil)"], "responseStatus": {"code": 200}, \#(spec)"#,
                user: evil, program: evil)
            + Self.line(
                1, "delete", "zones", evil, #""responseStatus": {"code": 403, "message": "\#(evil)"}"#)
            + Self.line(2, "patch", "namespaces", evil, #""responseStatus": {"code": 403, "message": "\#(evil)"}"#)
        let audit = try audit([events])
        for (form, text) in [("text", audit.text), ("HTML", audit.html)] {
            #expect(text.contains("alert(1)"), "\(form)")
            for scalar in ["\u{1b}", "\u{7}", "\u{202e}", "\u{9b}"] { #expect(!text.contains(scalar), "\(form)") }
        }
        #expect(!audit.html.contains("<script>") && audit.html.contains("&lt;script&gt;"))
        for line in audit.text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
        #expect(!audit.json.contains("\u{1b}"))
        #expect(try JSONSerialization.jsonObject(with: Data(audit.json.utf8)) is [String: Any])
    }

    @Test("a zone that is gone is told of, and a log that cannot be read is an error that names it")
    func ends() throws {
        let text = try audit([Self.line(0, "delete", "zones", "old", #""responseStatus": {"code": 200}"#)]).text
        #expect(text.contains("Zone old, which is not there now\n  2026-05-01T10:00:00Z delete by alice: 200\n"))
        #expect {
            try AuditLogFiles.read(["/nowhere/audit.log"])
        } throws: {
            "\($0)".contains("the audit log /nowhere/audit.log cannot be read: no such file or directory")
        }
        #expect(throws: CommandFailure.self) { try AuditLogFiles.read(["/proc"]) }
    }

    @Test("lines are put together across the pieces in which a file is read")
    func long() throws {
        let directory = try TemporaryDirectory()
        let padding = #""x": "\#(String(repeating: "y", count: 900_000))", "responseStatus": {"code": 200}"#
        let text = (0..<5).map { Self.line($0, "delete", "zones", "z\($0)", padding) }.joined()
        let trail = try AuditLogFiles.read([try directory.write(text, to: "audit.log")])
        #expect(trail.eventCount == 5 && trail.foreignLines == 0)
        #expect(trail.requests.map(\.name) == ["z0", "z1", "z2", "z3", "z4"])
    }
}
