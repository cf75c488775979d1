import ClusterAPI
import Foundation
import NetworkTypes
import PolicyEngine
import ServiceVerdicts
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
        let question = Question(
            from: try #require(Question.End(from)), to: try #require(Question.End(to)), transport: asked.transport,
            port: asked.port)
        return try #require(try ExplainedCluster(manifests: [path]).report(question).plain)
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
        let text = try ExplainedCluster(manifests: [path]).report(Question(flow)).text(.table)
        let notAbout = text.split(separator: "\n").filter { $0.contains("matches and would") }
        #expect(notAbout.allSatisfy { $0.contains("hole c-to-b") } && notAbout.count == 1, "\(text)")
        #expect(text.contains("not about the pod (all: -o json)"))
    }

    private static let services = """

        ---
        {apiVersion: v1, kind: Node, metadata: {name: n1}, status: {addresses: [{type: InternalIP, address: 192.168.0.1}]}}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: all, namespace: shop}
        spec: {clusterIP: 172.30.0.6, selector: {}, ports: [{port: 80, targetPort: 5432}]}
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: all-1, namespace: shop, labels: {kubernetes.io/service-name: all}}
        addressType: IPv4
        endpoints: [{addresses: [10.0.0.1]}, {addresses: [10.0.0.3]}]
        ports: [{port: 5432}]
        ---
        {apiVersion: v1, kind: Service, metadata: {name: empty, namespace: shop}, spec: {clusterIP: 172.30.0.7, ports: [{port: 80}]}}
        """

    private func connection(_ from: String, _ to: String) throws -> ConnectionReport {
        let directory = try TemporaryDirectory()
        let path = try directory.write(Self.manifests + Self.services, to: "shop.yaml")
        let question = Question(
            from: try #require(Question.End(from)), to: try #require(Question.End(to)), transport: .tcp, port: 80)
        return try ExplainedCluster(manifests: [path]).report(question)
    }

    @Test("of a service each way is explained as policies see it, those that are denied first")
    func services() throws {
        for target in ["service:shop/all", "172.30.0.6"] {
            let text = try connection("shop/batch", target).text(.table)
            for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
            let heads = text.split(separator: "\n").filter { $0.hasPrefix("way ") || $0.contains("ED  shop/") }
            // Where the first line breaks depends on how long the target is.
            let first = "DENIED  shop/batch -> \(target) 80/TCP: 1 of 2 ways is denied: Service"
            #expect(heads.first?.hasPrefix(first) == true, "\(text)")
            #expect(
                heads.dropFirst().map(String.init) == [
                    "way 1 of 2: Service shop/all → shop/db (10.0.0.3:5432)",
                    "DENIED  shop/batch -> 10.0.0.3 5432/TCP: default deny ingress (NetworkPolicy",
                    "way 2 of 2: Service shop/all → shop/web (10.0.0.1:5432)",
                    "ALLOWED  shop/batch -> 10.0.0.1 5432/TCP: no policy selects shop/batch for",
                ], "\(text)")
            #expect(text.contains("label pod shop/batch with app=web"))
        }
        let json = try JSONDecoder().decode(
            JSONValue.self, from: Data(try connection("shop/batch", "service:shop/all").text(.json).utf8))
        #expect(json["verdict"] == "deny" && json["to"] == "service:shop/all" && json["ways"]?.array?.count == 2)
        let way = try #require(json["ways"]?.array?.first)
        #expect(way["pod"] == "shop/db" && way["endpoint"] == "10.0.0.3:5432" && way["stopped"] == .null)
        #expect(way["explanation"]?["ingress"]?["verdict"] == "deny")
    }

    @Test("what services refuse is told, and what is not there is an error")
    func refusals() throws {
        let text = try connection("shop/web", "service:shop/empty").text(.table)
        #expect(text.hasPrefix("DENIED  shop/web -> service:shop/empty 80/TCP: Service shop/empty has no"))
        #expect(text.contains("way 1 of 1: no endpoint\n  Service shop/empty has no endpoint: refused at"))
        #expect(try connection("node:n1", "shop/db").plain?.isAllowed == false)
        for (target, cause) in [("service:shop/none", "there is no service shop/none"), ("node:n9", "no node n9")] {
            let error = #expect(throws: CommandFailure.self) { try connection("shop/web", target) }
            #expect(error?.cause.contains(cause) == true)
        }
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
