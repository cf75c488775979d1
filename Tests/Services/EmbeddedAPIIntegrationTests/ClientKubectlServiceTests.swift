import ClusterAPI
import TestSupport
import Testing

/// What people do with services.
@Suite("kubectl and services", .timeLimit(.minutes(2)))
struct ClientKubectlServiceTests {
    @Test("expose gives an address, and get shows it with the ports", arguments: ClientProgram.kubectls)
    func exposes(_ program: ClientProgram) async throws {
        try await ServerFixture.with { fixture in
            let kubectl = try ClientKubectl(program, fixture)
            try await kubectl.apply(ClientManifests.pod("web"))
            try await kubectl.run("expose", "pod", "web", "--port=80", "--type=NodePort")
            let address = try await kubectl.value(".spec.clusterIP", of: "service", "web")
            let port = try await kubectl.value(".spec.ports[0].nodePort", of: "service", "web")
            let shown = try await kubectl.run("get", "svc", "web")
            #expect(shown.contains(address) && address.hasPrefix("172.30.") && shown.contains("80:\(port)/TCP"))
            try await kubectl.run("create", "service", "clusterip", "none", "--clusterip=None")
            #expect(try await kubectl.value(".spec.clusterIP", of: "service", "none") == "None")
        }
    }

    @Test(
        "an apply that is repeated keeps what was given, and one of another type gives it back",
        arguments: ClientProgram.kubectls)
    func applies(_ program: ClientProgram) async throws {
        try await ServerFixture.with { fixture in
            let kubectl = try ClientKubectl(program, fixture)
            let manifest =
                #"{"apiVersion":"v1","kind":"Service","metadata":{"name":"s"},"spec":{"type":"NodePort","ports":[{"port":80}]}}"#
            #expect(try await kubectl.apply(manifest).contains("service/s created"))
            let port = try await kubectl.value(".spec.ports[0].nodePort", of: "svc", "s")
            #expect(try await kubectl.apply(manifest).contains("service/s unchanged"))
            try await kubectl.apply(manifest.replacing("NodePort", with: "ClusterIP"))
            #expect(try await kubectl.value(".spec.ports[0].nodePort", of: "svc", "s").isEmpty)
            let other = manifest.replacing(#""s""#, with: #""t""#).replacing("80", with: "80,\"nodePort\":\(port)")
            try await kubectl.apply(other)
            let file = try kubectl.manifest(other.replacing(#""t""#, with: #""u""#))
            #expect(try await kubectl.fail("create", "-f", file).contains("provided port is already allocated"))
        }
    }
}
