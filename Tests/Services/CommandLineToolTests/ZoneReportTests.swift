import APIMachinery
import ClusterAPI
import CommandLineTool
import Foundation
import KubernetesClient
import ManifestFiles
import PolicyEngine
import Testing

/// `gabion zones` and `gabion audit zones`, from files to text.
@Suite struct ZoneReportTests {
    private static let cluster = """
        apiVersion: v1
        kind: List
        items:
        - {apiVersion: v1, kind: Namespace, metadata: {name: front, labels: {zone: dmz}}}
        - {apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {zone: app}}}
        - {apiVersion: v1, kind: Pod, metadata: {name: web, namespace: front, labels: {app: web}},
           status: {phase: Running, podIP: 10.0.0.1}}
        - {apiVersion: v1, kind: Pod, metadata: {name: api, namespace: shop, labels: {app: api}},
           status: {phase: Running, podIP: 10.0.0.2}}
        - {apiVersion: gabion.io/v1, kind: Zone,
           metadata: {name: dmz, creationTimestamp: "2026-01-01T00:00:00Z",
                      managedFields: [{manager: kubectl, operation: Update, time: "2026-02-01T00:00:00Z"}]},
           spec: {order: 0, namespaceSelector: {matchLabels: {zone: dmz}}, external: Allow}}
        - apiVersion: gabion.io/v1
          kind: Zone
          metadata: {name: app}
          spec:
            order: 1
            namespaceSelector: {matchLabels: {zone: app}}
            holes:
            - {name: web-to-api, from: {zone: dmz, podSelector: {matchLabels: {app: web}}}, ports: [{port: 8080}],
               owner: team-shop, reason: "<script>", expires: "2026-06-01T00:00:00Z"}
        """

    private static let stray = """

        ---
        {apiVersion: v1, kind: Pod, metadata: {name: lost, namespace: stray}, status: {phase: Running, podIP: 10.0.0.3}}
        """

    private func world(_ manifests: String = Self.cluster, at time: String = "2026-05-20T00:00:00Z") throws -> ZoneWorld
    {
        let reader = ManifestReader(standardInput: { Data(manifests.utf8) })
        return try ZoneWorld(try reader.read(["-"]), at: try #require(APITime(time)))
    }

    @Test("the matrix names every open hole, and nothing is wider than 80 columns")
    func matrix() throws {
        let report = ZoneReport(try world())
        #expect(!report.hasErrors)
        #expect(report.zones.map(\.name) == ["dmz", "app"])
        #expect(report.openHoles(from: "dmz", to: "app").map(\.name) == ["web-to-api"])
        let text = report.text
        #expect(text.contains("dmz      open     inside  hole"))
        #expect(text.contains("app      -        -       inside"))
        #expect(text.contains("Hole web-to-api: zone dmz to zone app, open until 2026-06-01T00:00:00Z"))
        for line in (text + ZoneAudit(try world()).text).split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    }

    @Test("at another moment a hole has closed")
    func expiry() throws {
        let report = ZoneReport(try world(at: "2026-06-01T00:00:00Z"))
        #expect(report.openHoles(from: "dmz", to: "app").isEmpty)
        #expect(report.holes.map(\.state) == [.expired])
        #expect(!report.hasErrors)
    }

    @Test("a pod of no zone is an error, named with its pods")
    func unzoned() throws {
        let report = ZoneReport(try world(Self.cluster + Self.stray))
        #expect(report.hasErrors)
        #expect(report.problemLines == ["namespace stray belongs to no zone: closed: stray/lost"])
    }

    @Test("the proof asks about pods of no zone or of two, and none of their connections is open")
    func proofOfStrays() throws {
        let proof = ZoneProof(try world(Self.cluster + Self.stray))
        #expect(proof.disagreements.isEmpty)
        let strays = proof.pairs.filter { [$0.from, $0.to].contains("(no zone or two)") }
        #expect(strays.count == 7)
        let asked = strays.filter { $0.from != $0.to }
        #expect(asked.allSatisfy { $0.questions > 0 && $0.denied == $0.questions }, "\(asked)")
    }

    @Test("an object that cannot be read is told, with what agents make of it")
    func unreadable() {
        let broken = UnreadableObject(key: ObjectKey(namespace: "", name: "guard"), reason: "no number")
        let admins = ObjectsInForce<AdminNetworkPolicy>(
            ObjectList(items: [], resourceVersion: "1", unreadable: [broken]))
        #expect(admins.items.map(\.key.name) == ["guard"] && admins.items.first?.spec == nil)
        #expect(
            admins.warnings == [
                "AdminNetworkPolicy guard: no number cannot be read: it closes all that it may be about, as agents take it"
            ])
        let pods = ObjectsInForce<Pod>(ObjectList(items: [], resourceVersion: "1", unreadable: [broken]))
        #expect(pods.items.isEmpty && pods.warnings.first?.hasSuffix("it is left out") == true)
    }

    @Test("the proof asks about every pair of zones, and the engine agrees")
    func proof() throws {
        let proof = ZoneProof(try world())
        #expect(proof.disagreements.isEmpty)
        #expect(proof.pairs.count == 8)
        let hole = try #require(proof.pairs.first { $0.from == "dmz" && $0.to == "app" })
        #expect((hole.questions, hole.denied) == (3, 2))
    }

    @Test("the audit says who changed what as far as it is recorded, and marks what ends soon")
    func audit() throws {
        let audit = ZoneAudit(try world())
        #expect(!audit.hasErrors)
        for part in [
            "app/web-to-api: SOON: in 12 days; owner team-shop", "2026-02-01T00:00:00Z Update by the program kubectl",
            "which programs changed it is not recorded (no managedFields)", "agree with the zones in all",
        ] {
            #expect(audit.text.contains(part), "\(part)")
        }
    }

    @Test("names and reasons cannot leave their place in the HTML page, and the JSON is JSON")
    func formats() throws {
        let audit = ZoneAudit(try world())
        #expect(audit.html.contains("&lt;script&gt;") && !audit.html.contains("<script>"))
        let json = try JSONSerialization.jsonObject(with: Data(audit.json.utf8)) as? [String: Any]
        #expect(json?["proof"] is [Any] && json?["matrix"] is [Any])
        #expect(try JSONSerialization.jsonObject(with: Data(audit.report.json.utf8)) is [String: Any])
    }
}
