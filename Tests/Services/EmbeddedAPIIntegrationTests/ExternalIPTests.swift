import ClusterAPI
import Foundation
import NIOHTTP1
import TestSupport
import Testing

/// ExternalIPPolicies as they hold when Services are written.
@Suite("External IPs of services need a policy", .timeLimit(.minutes(1)))
struct ExternalIPTests {
    private static let services = "/api/v1/namespaces/default/services"
    private static let policies = "/apis/gabion.io/v1/externalippolicies"

    private static func service(_ name: String, _ addresses: [String]) -> JSONValue {
        [
            "apiVersion": "v1", "kind": "Service", "metadata": ["name": .string(name)],
            "spec": ["ports": [["port": 80]], "externalIPs": .array(addresses.map(JSONValue.string))],
        ]
    }

    private static func policy(_ allowed: [String], rejected: [String] = []) -> JSONValue {
        [
            "apiVersion": "gabion.io/v1", "kind": "ExternalIPPolicy", "metadata": ["name": "lab"],
            "spec": [
                "allowedCIDRs": .array(allowed.map(JSONValue.string)),
                "rejectedCIDRs": .array(rejected.map(JSONValue.string)),
            ],
        ]
    }

    private func events(_ fixture: ServerFixture) async throws -> [JSONValue] {
        let answer = try await fixture.admin.get("/api/v1/namespaces/default/events")
        return (answer.json["items"]?.array ?? []).filter { $0["reason"] == "ExternalIPRejected" }
    }

    @Test("without a policy none is allowed: 422 with the field and the reason, and one event that counts")
    func needsPolicy() async throws {
        try await ServerFixture.with { fixture in
            for _ in 0..<3 {
                let refused = try await fixture.admin.create(Self.services, Self.service("s", ["192.0.2.1"]))
                #expect(refused.status == 422)
                #expect(
                    refused.message
                        == #"Service "s" is invalid: spec.externalIPs[0]: Forbidden: 192.0.2.1 may not be used:"#
                        + " there is no ExternalIPPolicy, and without one no external IP is allowed")
                let cause = refused.json["details"]?["causes"]?.array?.first
                #expect(cause?["field"] == "spec.externalIPs[0]" && cause?["reason"] == "FieldValueForbidden")
            }
            let events = try await events(fixture)
            let event = try #require(events.first)
            #expect(events.count == 1 && event["count"] == 3 && event["type"] == "Warning")
            #expect(event["involvedObject"]?["kind"] == "Service" && event["involvedObject"]?["name"] == "s")
            #expect(event["message"]?.string?.contains("there is no ExternalIPPolicy") == true)
        }
    }

    @Test("a policy opens what it allows and nothing that it rejects, for creations, replacements and patches")
    func holdsPolicy() async throws {
        try await ServerFixture.with { fixture in
            let policy = Self.policy(["192.0.2.0/24", "172.30.0.0/16"], rejected: ["192.0.2.128/25"])
            #expect(try await fixture.admin.create(Self.policies, policy).status == 201)
            let made = try await fixture.admin.create(Self.services, Self.service("s", ["192.0.2.1"]))
            #expect(made.status == 201)
            for (address, reason) in [
                ("192.0.2.200", #"the ExternalIPPolicy "lab" rejects"#), ("198.51.100.1", "allowedCIDRs of no"),
                ("172.30.0.10", "for pods and services"),
            ] {
                var body = made.json
                body["spec"]?["externalIPs"] = ["192.0.2.1", .string(address)]
                let replaced = try await fixture.admin.send(.PUT, Self.services + "/s", body)
                #expect(replaced.status == 422 && replaced.message.contains(reason), "\(replaced.message)")
                let patch: JSONValue = ["spec": ["externalIPs": ["192.0.2.1", .string(address)]]]
                let patched = try await fixture.admin.send(
                    .PATCH, Self.services + "/s", patch, type: "application/merge-patch+json")
                #expect(patched.status == 422 && patched.message.contains(reason), "\(patched.message)")
            }
            let event = try #require(try await events(fixture).first)
            #expect(event["involvedObject"]?["uid"] == made.json["metadata"]?["uid"] && event["count"] == 6)
        }
    }

    @Test("a policy that goes stops no other change of a service, and a dry run leaves no event")
    func keeps() async throws {
        try await ServerFixture.with { fixture in
            let policy = Self.policy(["192.0.2.0/24"])
            #expect(try await fixture.admin.create(Self.policies, policy).status == 201)
            #expect(try await fixture.admin.create(Self.services, Self.service("s", ["192.0.2.1"])).status == 201)
            #expect(try await fixture.admin.send(.DELETE, Self.policies + "/lab").status == 200)
            let patch: JSONValue = ["metadata": ["labels": ["a": "b"]]]
            let patched = try await fixture.admin.send(
                .PATCH, Self.services + "/s", patch, type: "application/merge-patch+json")
            #expect(patched.status == 200)
            let shown = try await fixture.admin.create(
                Self.services + "?dryRun=All", Self.service("t", ["192.0.2.2"]))
            #expect(shown.status == 422)
            #expect(try await events(fixture).isEmpty)
        }
    }

    @Test("of those who choose one port of an address at once, one gets it")
    func sharesNothing() async throws {
        try await ServerFixture.with { fixture in
            #expect(try await fixture.admin.create(Self.policies, Self.policy(["192.0.2.0/24"])).status == 201)
            let codes = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<10 {
                    let body = Self.service("s\(number)", ["192.0.2.1"])
                    group.addTask { try await fixture.admin.create(Self.services, body).status }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(codes.sorted() == [201] + Array(repeating: 422, count: 9))
        }
    }

    @Test("kubectl shows policies, and why a service was refused", arguments: ClientProgram.kubectls)
    func kubectl(_ program: ClientProgram) async throws {
        try await ServerFixture.with { fixture in
            let kubectl = try ClientKubectl(program, fixture)
            try await kubectl.apply(
                """
                apiVersion: gabion.io/v1
                kind: ExternalIPPolicy
                metadata: {name: lab}
                spec: {allowedCIDRs: [192.0.2.0/25], rejectedCIDRs: [192.0.2.1/32], autoAssignCIDRs: [192.0.2.128/25]}
                """)
            let shown = try await kubectl.run("get", "externalippolicies")
            for text in ["ALLOWED", "192.0.2.0/25", "192.0.2.1/32", "AUTO-ASSIGN", "192.0.2.128/25"] {
                #expect(shown.contains(text), "\(text) in\n\(shown)")
            }
            let explained = try await kubectl.run("explain", "externalippolicies.spec.rejectedCIDRs")
            #expect(explained.contains("What no service may have"))
            let file = try kubectl.manifest(
                """
                apiVersion: v1
                kind: Service
                metadata: {name: s}
                spec: {ports: [{port: 80}], externalIPs: [192.0.2.1]}
                """)
            #expect(try await kubectl.fail("create", "-f", file).contains("spec.externalIPs[0]: Forbidden: 192.0.2.1"))
            #expect(try await kubectl.run("get", "events").contains("ExternalIPRejected"))
        }
    }
}
