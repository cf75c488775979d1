import KubernetesClient
import Testing

@Suite struct KubeconfigTests {
    private static let whole = """
        apiVersion: v1
        kind: Config
        current-context: main
        clusters:
        - name: c
          cluster: {server: "https://10.0.0.1:6443/", certificate-authority: pki/ca.crt}
        - name: local
          cluster: {server: "unix:///run/gabion/api.sock"}
        - name: empty
          cluster: {}
        - name: odd
          cluster: {server: "10.0.0.1"}
        - name: both
          cluster: {server: "https://h", certificate-authority: /ca, insecure-skip-tls-verify: true}
        users:
        - name: cert
          user: {client-certificate-data: UEVN, client-key: /k}
        - name: token
          user: {token: secret}
        - name: file
          user: {tokenFile: tok}
        - name: half
          user: {client-certificate: /c}
        - name: exec
          user: {exec: {command: aws, apiVersion: client.authentication.k8s.io/v1alpha1}}
        - name: program
          user:
            exec:
              apiVersion: client.authentication.k8s.io/v1
              command: bin/login
              args: [get, token]
              env: [{name: PROFILE, value: shop}]
              interactiveMode: IfAvailable
        - name: asks
          user: {exec: {command: aws, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Always}}
        - name: provider
          user: {auth-provider: {name: oidc}}
        - name: garbage
          user: {client-certificate-data: "***", client-key: /k}
        contexts:
        - {name: main, context: {cluster: c, user: cert, namespace: shop}}
        - {name: sock, context: {cluster: local}}
        - {name: tokens, context: {cluster: local, user: token}}
        - {name: files, context: {cluster: local, user: file}}
        - {name: no-cluster, context: {cluster: nope}}
        - {name: no-user, context: {cluster: c, user: nope}}
        - {name: no-server, context: {cluster: empty}}
        - {name: odd-server, context: {cluster: odd}}
        - {name: both, context: {cluster: both}}
        - {name: half, context: {cluster: c, user: half}}
        - {name: exec, context: {cluster: c, user: exec}}
        - {name: program, context: {cluster: c, user: program}}
        - {name: asks, context: {cluster: c, user: asks}}
        - {name: provider, context: {cluster: c, user: provider}}
        - {name: garbage, context: {cluster: c, user: garbage}}
        """

    private func configuration(_ context: String?, text: String = whole) throws -> ClusterConfiguration {
        try Kubeconfig(text: text, path: "/etc/kube/config").configuration(context: context)
    }

    @Test("the current context is used, with files relative to the kubeconfig")
    func current() throws {
        let found = try configuration(nil)
        #expect(found.server == .url("https://10.0.0.1:6443"))
        #expect(found.certificateAuthority == .file("/etc/kube/pki/ca.crt"))
        #expect(found.clientCertificate == .init(chain: .bytes(Array("PEM".utf8)), key: .file("/k")))
        #expect(found.namespace == "shop")
        #expect(found.origin == "/etc/kube/config (context main)")
    }

    @Test("sockets and tokens are understood")
    func others() throws {
        #expect(try configuration("sock").server == .unixSocket(path: "/run/gabion/api.sock"))
        #expect(try configuration("sock").namespace == "default")
        #expect(try configuration("tokens").token == .literal("secret"))
        #expect(try configuration("files").token == .file("/etc/kube/tok"))
    }

    @Test("a credential program is found beside the kubeconfig")
    func program() throws {
        let program = try #require(try configuration("program").credentialProgram)
        #expect(program.command == "/etc/kube/bin/login")
        #expect(program.arguments == ["get", "token"])
        #expect(program.environment == ["PROFILE": "shop"])
        #expect(program.apiVersion == "client.authentication.k8s.io/v1")
    }

    @Test(
        "errors name the file, the context or entry, and the field",
        arguments: [
            ("absent", "contexts: there is no context 'absent'; choose one of: asks, both, exec"),
            ("no-cluster", "(context no-cluster): cluster: there is no cluster 'nope'; choose one of: both, c"),
            ("no-user", "(context no-user): user: there is no user 'nope'"),
            ("no-server", "clusters[empty].server: not set"),
            ("odd-server", "(context odd-server): server: '10.0.0.1' is not the address"),
            ("both", "clusters[both].insecure-skip-tls-verify: true together with a certificate authority"),
            ("half", "users[half]: only one of client-certificate and client-key is set"),
            (
                "exec",
                "users[exec].exec.apiVersion: 'client.authentication.k8s.io/v1alpha1' is not known; write one of: "
            ),
            ("asks", "users[asks].exec.interactiveMode: Always: the program wants to ask somebody"),
            ("provider", "users[provider].auth-provider: providers built into a client went away"),
            ("garbage", "users[garbage].client-certificate-data: not base64"),
        ])
    func errors(context: String, text: String) {
        let error = #expect(throws: ConfigurationError.self) { try configuration(context) }
        #expect(error?.description.hasPrefix("/etc/kube/config") == true)
        #expect(error?.description.contains(text) == true, "\(String(describing: error))")
    }

    @Test(
        "malformed files name the place",
        arguments: [
            ("clusters: [", "not valid YAML"), ("clusters: 3", "clusters"),
            ("contexts: [{context: {}}]", "contexts[0].name: missing"),
            ("{}", "current-context: not set"),
        ])
    func malformed(text: String, part: String) {
        let error = #expect(throws: ConfigurationError.self) { try configuration(nil, text: text) }
        #expect(error?.description.contains(part) == true, "\(String(describing: error))")
    }

    @Test("a missing file is named")
    func missing() {
        let error = #expect(throws: ConfigurationError.self) { try ClusterConfiguration.load(kubeconfig: "/none/such") }
        #expect(error?.description.contains("/none/such") == true)
    }

    @Test("a pod without a token file says what is missing")
    func inCluster() {
        let environment = ["KUBERNETES_SERVICE_HOST": "::1", "KUBERNETES_SERVICE_PORT": "443"]
        let error = #expect(throws: ConfigurationError.self) {
            try ClusterConfiguration.inCluster(environment: environment, directory: "/none")
        }
        #expect(error?.field == "/none/token")
    }
}
