import ClusterAPI
import Foundation
import NetworkTypes
import PolicyEngine
import TestSupport
import Testing

@testable import CommandLineTool

/// `gabion policy explain`, from manifests to text.
@Suite struct PolicyExplainTests {
    private static let manifests = """
        apiVersion: v1
        kind: List
        items:
        - {apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop, labels: {app: web}},
           status: {phase: Running, podIP: 10.0.0.1}}
        - {apiVersion: v1, kind: Pod, metadata: {name: batch, namespace: shop, labels: {app: batch}},
           status: {phase: Running, podIP: 10.0.0.2}}
        - {apiVersion: v1, kind: Pod, metadata: {name: db, namespace: shop, labels: {app: db}},
           status: {phase: Running, podIP: 10.0.0.3}}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: db, namespace: shop}
        spec:
          podSelector: {matchLabels: {app: db}}
          ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]
        """

    private func report(_ from: String, _ to: String, _ port: String) throws -> ExplanationReport {
        let directory = try TemporaryDirectory()
        let path = try directory.write(Self.manifests, to: "shop.yaml")
        let asked = try #require(AskedPort(parsing: port))
        let flow = Flow(
            from: try #require(Party(parsing: from)), to: try #require(Party(parsing: to)), transport: asked.transport,
            port: asked.port)
        return try ExplainedCluster(manifests: [path]).report(flow)
    }

    @Test("the verdict comes first, then who decided, what nearly matched, and what would change it")
    func text() throws {
        #expect(
            try report("shop/batch", "shop/db", "5432/TCP").text(.table) == """
                DENIED  shop/batch -> shop/db 5432/TCP: default deny ingress (NetworkPolicy
                          shop/db)

                egress of shop/batch (10.0.0.2): allowed
                  no policy selects shop/batch for egress

                ingress of shop/db (10.0.0.3): denied
                  tier NetworkPolicy: denied by default deny ingress (NetworkPolicy shop/db)
                    asked: 1 policy, 1 rule (of 1)
                    no match: NetworkPolicy shop/db ingress[0] (allow)
                      - pod label differs: wanted app=web, has app=batch

                What would allow it (each tried on a copy; the smallest first):
                  1. label pod shop/batch with app=web
                     nothing else changes on this port
                  2. add to NetworkPolicy shop/db ingress[0] the peer: pods app=batch of
                       namespace shop
                     nothing else changes on this port
                  3. add to NetworkPolicy shop/db an ingress rule: from pods app=batch of
                       namespace shop, port 5432/TCP
                     nothing else changes on this port

                """)
    }

    @Test("no line is longer than 80 columns", arguments: ["80/TCP", "53/udp", "ICMP", "5432"])
    func width(port: String) throws {
        for (from, to) in [("shop/web", "shop/db"), ("shop/db", "shop/web"), ("203.0.113.7", "shop/db")] {
            let text = try report(from, to, port).text(.table)
            for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
        }
    }

    @Test("JSON has every rule with what differs, and the changes")
    func json() throws {
        let text = try report("shop/web", "shop/db", "80/TCP").text(.json)
        let value = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
        #expect(value["verdict"] == "deny" && value["egress"]?["verdict"] == "allow")
        let tier = try #require(value["ingress"]?["tiers"]?.array?.first)
        #expect(tier["outcome"] == "deny" && tier["rules"]?.array?.first?["matches"] == false)
        #expect(tier["rules"]?.array?.first?["ports"] == ["port differs: rule says TCP 5432, asked 80"])
        #expect(
            value["suggestions"]?.array?.first?["steps"] == ["open port 80/TCP in NetworkPolicy shop/db ingress[0]"])
    }

    @Test("of zones that are not about a pod, only holes into where it may not go are shown; the rest is counted")
    func otherZones() throws {
        let zones = """
            apiVersion: v1
            kind: List
            items:
            - {apiVersion: v1, kind: Namespace, metadata: {name: a, labels: {in: a}}}
            - {apiVersion: v1, kind: Namespace, metadata: {name: b, labels: {in: b}}}
            - {apiVersion: v1, kind: Namespace, metadata: {name: c, labels: {in: c}}}
            - {apiVersion: v1, kind: Pod, metadata: {name: p, namespace: a}, status: {phase: Running, podIP: 10.0.0.1}}
            - {apiVersion: v1, kind: Pod, metadata: {name: p, namespace: b}, status: {phase: Running, podIP: 10.0.0.2}}
            - apiVersion: gabion.io/v1
              kind: Zone
              metadata: {name: a}
              spec: {order: 0, namespaceSelector: {matchLabels: {in: a}}}
            - apiVersion: gabion.io/v1
              kind: Zone
              metadata: {name: b}
              spec:
                order: 1
                namespaceSelector: {matchLabels: {in: b}}
                holes: [{name: c-to-b, from: {zone: c}, owner: us, reason: tests}]
            - apiVersion: gabion.io/v1
              kind: Zone
              metadata: {name: c}
              spec: {order: 2, namespaceSelector: {matchLabels: {in: c}}}
            """
        let directory = try TemporaryDirectory()
        let path = try directory.write(zones, to: "zones.yaml")
        let flow = Flow(
            from: .pod(ObjectKey(namespace: "a", name: "p")), to: .pod(ObjectKey(namespace: "b", name: "p")),
            transport: .tcp, port: 80)
        let text = try ExplainedCluster(manifests: [path]).report(flow).text(.table)
        let notAbout = text.split(separator: "\n").filter { $0.contains("matches and would") }
        #expect(notAbout.allSatisfy { $0.contains("hole c-to-b") } && notAbout.count == 1, "\(text)")
        #expect(text.contains("not about the pod (all: -o json)"))
    }

    @Test("a pod that is not there is an error that names those that are")
    func unknownPod() throws {
        let error = #expect(throws: CommandFailure.self) { try report("shop/wbe", "shop/db", "80/TCP") }
        #expect(error?.cause.contains("there is no pod shop/wbe") == true)
        #expect(error?.remedy.contains("shop/web") == true)
    }

    @Test("ports are read with their protocol")
    func ports() {
        #expect(AskedPort(parsing: "8080/TCP")?.port == 8080 && AskedPort(parsing: "53/udp")?.transport == .udp)
        #expect(AskedPort(parsing: "80")?.transport == .tcp && AskedPort(parsing: "icmpv6")?.transport == .icmp)
        for wrong in ["", "0/TCP", "65536", "80/", "/TCP", "80/ICMP", "80/TCP/x", "+80", "http/TCP", "80/QUIC"] {
            #expect(AskedPort(parsing: wrong) == nil, "\(wrong)")
        }
    }
}
