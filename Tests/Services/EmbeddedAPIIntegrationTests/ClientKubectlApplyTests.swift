import ClusterAPI
import EmbeddedAPI
import TestSupport
import Testing

/// `kubectl apply --server-side`.
@Suite("kubectl applies on the server's side", .timeLimit(.minutes(2)))
struct ClientKubectlApplyTests {
    private func apply(_ kubectl: ClientKubectl, _ text: String, _ more: [String] = []) async throws -> String {
        let words = ["apply", "--server-side", "-f", try kubectl.manifest(text)] + more
        let outcome = try await kubectl.attempt(words)
        return outcome.text
    }

    @Test("two managers, a conflict, force, and fields that go", arguments: ClientProgram.kubectls)
    func applies(_ program: ClientProgram) async throws {
        try await ServerFixture.with { fixture in
            let kubectl = try ClientKubectl(program, fixture)
            let policy = ClientManifests.policy
            let made = try await apply(kubectl, policy)
            #expect(made.contains("networkpolicy.networking.k8s.io/green serverside-applied"), "\(made)")
            #expect(try await apply(kubectl, policy).contains("serverside-applied"))
            let other = policy.replacing("color: gray", with: "color: blue")
            let refused = try await apply(kubectl, other, ["--field-manager=other"])
            #expect(refused.contains("Apply failed with 1 conflict: conflict with \"kubectl\""), "\(refused)")
            #expect(refused.contains(".spec.ingress"), "\(refused)")
            let forced = try await apply(kubectl, other, ["--field-manager=other", "--force-conflicts"])
            #expect(forced.contains("serverside-applied"), "\(forced)")
            let path = ".spec.ingress[0].from[0].podSelector.matchLabels.color"
            #expect(try await kubectl.value(path, of: "netpol", "green") == "blue")
            let short = """
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: {name: green, namespace: default}
                spec: {podSelector: {matchLabels: {color: green}}}
                """
            _ = try await apply(kubectl, short, ["--field-manager=other"])
            #expect(try await kubectl.value(".spec.ingress", of: "netpol", "green").isEmpty)
        }
    }

    @Test("containers and ports merge by their keys", arguments: ClientProgram.kubectls)
    func mergesLists(_ program: ClientProgram) async throws {
        try await ServerFixture.with { fixture in
            let kubectl = try ClientKubectl(program, fixture)
            let service = """
                apiVersion: v1
                kind: Service
                metadata: {name: web, namespace: default}
                spec: {selector: {a: b}, ports: [{port: 80, name: http}]}
                """
            _ = try await apply(kubectl, service)
            let more = service.replacing("port: 80, name: http", with: "port: 80, protocol: UDP, name: quic")
            let second = try await apply(kubectl, more, ["--field-manager=other"])
            #expect(second.contains("serverside-applied"), "\(second)")
            #expect(try await kubectl.value(".spec.ports[*].name", of: "service", "web") == "http quic")
        }
    }

    @Test("an object that was applied by the client goes over to the server's side", arguments: ClientProgram.kubectls)
    func migrates(_ program: ClientProgram) async throws {
        try await ServerFixture.with { fixture in
            let kubectl = try ClientKubectl(program, fixture)
            try await kubectl.apply(ClientManifests.pod("web"))
            let managers = try await kubectl.value(".metadata.managedFields[*].manager", of: "pod", "web")
            #expect(managers == "kubectl-client-side-apply")
            let same = try await apply(kubectl, ClientManifests.pod("web"))
            #expect(same.contains("pod/web serverside-applied"), "\(same)")
            let tried = try await apply(kubectl, ClientManifests.pod("web"), ["--dry-run=server"])
            #expect(tried.contains("serverside-applied (server dry run)"), "\(tried)")
        }
    }
}
