import Testing

@testable import KubernetesClient

@Suite struct ServerNameTests {
    @Test(
        "requests go to the server under the name that its certificate carries",
        arguments: [
            ("https://10.0.0.1:6443", "https://api.example:6443", "10.0.0.1"),
            ("https://[fd00::1]:6443/base", "https://api.example:6443/base", "fd00::1"),
            ("https://host", "https://api.example", "host"), ("https://host/base", "https://api.example/base", "host"),
        ])
    func override(server: String, url: String, host: String) throws {
        var configuration = try ClusterConfiguration(serverText: server, origin: "test")
        #expect(configuration.baseURL == server)
        #expect(configuration.nameOverrides.isEmpty)
        configuration.tlsServerName = "api.example"
        #expect(configuration.baseURL == url)
        #expect(configuration.nameOverrides == ["api.example": host])
    }
}
