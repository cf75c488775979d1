import ClusterAPI
import Foundation
import Lab
import LinuxSystem
import NetworkTypes
import TestSupport
import Testing

@Suite(
    "What was seen makes policies, and keeps others from being applied", .requiresRoot, .serialized,
    .timeLimit(.minutes(5)))
struct SuggestionSuite {
    private static let objects = [
        SuiteLab.pod("web", node: "node-1"), SuiteLab.pod("db", node: "node-2", ports: [8080, 9090]),
        SuiteLab.pod("mallory", node: "node-1"), SuiteLab.pod("client", in: "bank", node: "node-2"),
    ]

    @Test("suggested policies let pass what was seen and nothing else; a policy that cuts a live flow is refused")
    func suggestion() async throws {
        try await SuiteLab.with(objects: Self.objects) { lab in
            let places = try await Places(lab)
            let seen = [("shop/web", "shop/db"), ("bank/client", "shop/web")]
            for (source, target) in seen { #expect(try places.connects(source, target)) }
            let folder = try TemporaryDirectory()
            let suggested = folder.file("suggested.yaml")
            try await eventually("both flows are in the log", within: .seconds(20)) {
                let output = try Self.gabion(lab, "policy suggest -n shop --lab LAB > \(suggested)")
                let text = (try? String(contentsOfFile: suggested, encoding: .utf8)) ?? ""
                return output.hasSuffix("exit 0\n") && text.contains("bank/app=client")
                    && text.contains("shop/app=web:")
            }
            // What cuts a connection that is open is refused, and changes nothing.
            let stream = try places.conversation("shop/web", "shop/db")
            #expect(try stream.echoes("before"))
            let closed = try folder.write(
                """
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: {name: closed, namespace: shop}
                spec: {podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress]}
                """, to: "closed.yaml")
            var output = try Self.gabion(lab, "policy apply -f \(closed) --guard --since 1h --lab LAB")
            #expect(output.contains("shop/app=web") && output.contains("TCP 8080"), "\(output)")
            #expect(output.contains("default deny ingress (NetworkPolicy shop/closed)"), "\(output)")
            #expect(output.hasSuffix("exit 1\n"), "\(output)")
            let policies = try await lab.snapshot().policies
            #expect(policies.isEmpty)

            output = try Self.gabion(lab, "policy apply -f \(suggested) --guard --lab LAB")
            #expect(output.contains("NetworkPolicy shop/suggested-web created"), "\(output)")
            #expect(output.hasSuffix("exit 0\n"), "\(output)")
            try await eventually("what was not seen is closed") { try !places.connects("shop/mallory", "shop/db") }
            for (source, target) in seen { #expect(try places.connects(source, target)) }
            #expect(try stream.echoes("still there"))
            #expect(try !places.connects("shop/web", "shop/db", port: 9090))

            output = try Self.gabion(lab, "policy apply -f \(closed) --guard --lab LAB")
            #expect(output.hasSuffix("exit 0\n"), "policies add up: nothing is cut beside the suggestion: \(output)")
        }
    }

    @Test("cuts that are allowed are made")
    func allowedCuts() async throws {
        try await SuiteLab.with(objects: Self.objects) { lab in
            let places = try await Places(lab)
            #expect(try places.connects("shop/web", "shop/db"))
            let folder = try TemporaryDirectory()
            let closed = try folder.write(
                """
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: {name: closed, namespace: shop}
                spec: {podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress]}
                """, to: "closed.yaml")
            try await eventually("the guard knows the flow", within: .seconds(20)) {
                try Self.gabion(lab, "policy apply -f \(closed) --guard --dry-run --lab LAB").hasSuffix("exit 1\n")
            }
            let output = try Self.gabion(lab, "policy apply -f \(closed) --guard --allow-cuts --lab LAB")
            #expect(output.contains("NetworkPolicy shop/closed created"), "\(output)")
            #expect(output.hasSuffix("exit 0\n"), "\(output)")
            try await eventually("the flow is cut") { try !places.connects("shop/web", "shop/db") }
        }
    }

    /// The pods' namespaces and addresses.
    private struct Places {
        private var namespaces: [String: NamespaceReference] = [:]
        private var addresses: [String: IPAddress] = [:]

        init(_ lab: Lab) async throws {
            for pod in try await lab.snapshot().pods {
                let name = pod.key.description
                namespaces[name] = try await lab.namespace(of: name)
                addresses[name] = pod.addressTexts.first.flatMap { IPAddress($0) }
            }
        }

        private func ends(_ source: String, _ target: String, _ port: UInt16) throws -> (
            NamespaceReference, SocketAddress
        ) {
            let namespace = try #require(namespaces[source])
            return (namespace, SocketAddress(try #require(addresses[target]), port: port))
        }

        func connects(_ source: String, _ target: String, port: UInt16 = 8080) throws -> Bool {
            let (namespace, address) = try ends(source, target, port)
            return try TestSupport.Probe.connect(from: namespace, to: address, timeout: .milliseconds(500))
                == .connected
        }

        func conversation(_ source: String, _ target: String) throws -> EchoConversation {
            let (namespace, address) = try ends(source, target, 8080)
            return try EchoConversation(from: namespace, to: address)
        }
    }

    /// What the program prints, with its exit code; LAB is the lab's name.
    private static func gabion(_ lab: Lab, _ line: String) throws -> String {
        let line = line.replacing("LAB", with: "\(lab.directory.name)")
        let command = "{ \"$0\" \(line) ; } 2>&1; echo exit $?"
        return try TestProgram.run(
            "/bin/bash", ["-c", command, try BuiltProgram.path("gabion")], timeout: .seconds(60))
    }
}
