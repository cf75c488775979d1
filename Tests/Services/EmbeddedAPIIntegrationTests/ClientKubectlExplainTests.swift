import ClusterAPI
import EmbeddedAPI
import TestSupport
import Testing

/// What kubectl takes from the OpenAPI documents.
@Suite("kubectl explains, compares and tries", .serialized, .timeLimit(.minutes(2)))
struct ClientKubectlExplainTests {
    /// A field path, and what must be shown of it.
    static let explanations: [(String, [String])] = [
        ("pod", ["Pod", "v1", "Containers that run together on one node", "spec", "Object"]),
        (
            "pod.spec",
            ["containers", "hostNetwork", "<boolean>", "the node's network", "nodeSelector", "<map[string]string>"]
        ),
        ("pod.spec.containers.ports", ["containerPort", "<integer>", "protocol", "TCP, UDP or SCTP"]),
        ("stagedpolicy", ["StagedPolicy", "gabion.io", "tried without being enforced"]),
        ("clusterstagedpolicy.spec.policy", ["AdminNetworkPolicy", "Zone", "the name of"]),
        ("networkpolicy", ["NetworkPolicy", "networking.k8s.io", "Policies add up"]),
        ("netpol.spec.ingress.from", ["ipBlock", "namespaceSelector", "podSelector"]),
        ("networkpolicy.spec.ingress.ports.port", ["<string>", "the name of a port of the destination pod"]),
        ("networkpolicy.spec.policyTypes", ["The directions that the policy closes"]),
        ("node.status.addresses", ["InternalIP"]),
        ("namespace", ["Policies select namespaces by their labels"]),
        ("hostsubnet", ["hostIP", "The pod addresses of one node"]),
        ("ingress", ["What is wanted"]),
        ("adminnetworkpolicy", ["which come before the policies of namespaces"]),
    ]

    @Test("explain shows kinds and field paths with types and meaning", arguments: ClientProgram.kubectls)
    func explains(_ program: ClientProgram) async throws {
        try await ServerFixture.with { fixture in
            let kubectl = try ClientKubectl(program, fixture)
            for (path, expected) in Self.explanations {
                let shown = try await kubectl.run("explain", path)
                let words = shown.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                for text in expected where !(program.isCurrent && text == "<string>") {
                    #expect(words.contains(text), "explain \(path): \(shown)")
                }
            }
            #expect(try await kubectl.fail("explain", "pod.spec.nothing").contains("nothing"))
            let tree = try await kubectl.run("explain", "networkpolicy", "--recursive")
            #expect(tree.contains("endPort") && tree.contains("except"))
        }
    }

    @Test("explain shows the schema of a custom kind, and of definitions themselves", arguments: ClientProgram.kubectls)
    func explainsCustomKinds(_ program: ClientProgram) async throws {
        try await ServerFixture.with { fixture in
            _ = try await fixture.admin.create(
                "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", TestObjects.gates)
            let kubectl = try ClientKubectl(program, fixture)
            for (path, expected) in [
                ("gate", ["A way through a wall.", "spec", "status", "Name, labels and everything else"]),
                ("gate.spec", ["width", "<integer>", "-required-", "How wide it is.", "open", "<boolean>"]),
                ("gate.spec.locks", ["keys", "name", "-required-"]), ("gate.metadata", ["ownerReferences"]),
                ("crd.spec.versions.schema.openAPIV3Schema", ["x-kubernetes-list-type", "The smallest number."]),
            ] {
                let shown = try await kubectl.run("explain", path)
                let words = shown.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                for text in expected { #expect(words.contains(text), "explain \(path): \(shown)") }
            }
            #expect(try await kubectl.fail("explain", "gate.spec.nothing").contains("nothing"))
            let tree = try await kubectl.run("explain", "gate", "--recursive")
            #expect(tree.contains("colors") && tree.contains("keys"))
        }
    }

    @Test("diff shows what apply would change, and changes nothing", arguments: ClientProgram.kubectls)
    func compares(_ program: ClientProgram) async throws {
        try await ServerFixture.with { fixture in
            let kubectl = try ClientKubectl(program, fixture)
            let policy = try kubectl.manifest(ClientManifests.policy)
            let new = try await kubectl.attempt("diff", "-f", policy)
            #expect(new.code == 1, "\(new.text)")
            #expect(new.text.contains("+  name: green"), "\(new.text)")
            #expect(try await kubectl.fail("get", "netpol", "green").contains("not found"))
            try await kubectl.run("apply", "-f", policy)
            let same = try await kubectl.attempt("diff", "-f", policy)
            #expect(same.isSuccess && same.text.isEmpty, "\(same.text)")
            let changed = try kubectl.manifest(ClientManifests.policy.replacing("8080", with: "9090"))
            let difference = try await kubectl.attempt("diff", "-f", changed)
            #expect(difference.code == 1)
            #expect(
                difference.text.contains("-    - port: 8080") || difference.text.contains("-      port: 8080"),
                "\(difference.text)")
            #expect(difference.text.contains("port: 9090"))
            #expect(try await kubectl.value(".spec.ingress[0].ports[0].port", of: "netpol", "green") == "8080")
        }
    }

    @Test(
        "apply --dry-run asks the server or nobody, says what would be, and writes nothing",
        arguments: ClientProgram.kubectls)
    func tries(_ program: ClientProgram) async throws {
        try await ServerFixture.with { fixture in
            let kubectl = try ClientKubectl(program, fixture)
            let both = try kubectl.manifest(ClientManifests.policy + "\n---\n" + ClientManifests.pod("web"))
            let server = try await kubectl.run("apply", "--dry-run=server", "-f", both)
            #expect(server.contains("networkpolicy.networking.k8s.io/green created (server dry run)"), "\(server)")
            let client = try await kubectl.run("apply", "--dry-run=client", "-f", both)
            #expect(client.contains("pod/web created (dry run)"), "\(client)")
            #expect(try await kubectl.fail("get", "pod", "web").contains("not found"))
            try await kubectl.run("apply", "-f", both)
            let changed = try kubectl.manifest(ClientManifests.policy.replacing("8080", with: "9090"))
            let again = try await kubectl.run("apply", "--dry-run=server", "-f", changed)
            #expect(again.contains("configured (server dry run)"), "\(again)")
            let bad = try kubectl.manifest(ClientManifests.policy.replacing("8080", with: "70000"))
            #expect(try await kubectl.fail("apply", "--dry-run=server", "-f", bad).contains("between 1 and 65535"))
            let deleted = try await kubectl.run("delete", "pod", "web", "--dry-run=server")
            #expect(deleted.contains("(server dry run)"), "\(deleted)")
            let made = try await kubectl.run("create", "namespace", "shop", "--dry-run=server")
            #expect(made.contains("namespace/shop created (server dry run)"), "\(made)")
            #expect(try await kubectl.value(".spec.ingress[0].ports[0].port", of: "netpol", "green") == "8080")
            #expect(try await kubectl.value(".status.phase", of: "pod", "web") == "Pending")
            #expect(try await kubectl.fail("get", "namespace", "shop").contains("not found"))
        }
    }

    @Test("objects of a CustomResourceDefinition can be tried and compared too", arguments: ClientProgram.kubectls)
    func triesCustomResources(_ program: ClientProgram) async throws {
        try await ServerFixture.with { fixture in
            let kubectl = try ClientKubectl(program, fixture)
            try await kubectl.apply(ClientManifests.definition)
            try await kubectl.run("wait", "--for=condition=Established", "crd/widgets.example.com", "--timeout=10s")
            try await kubectl.apply(ClientManifests.widget(3))
            let four = try kubectl.manifest(ClientManifests.widget(4))
            let tried = try await kubectl.run("apply", "--dry-run=server", "-f", four)
            #expect(tried.contains("configured (server dry run)"), "\(tried)")
            #expect(try await kubectl.attempt("diff", "-f", four).text.contains("+  size: 4"))
            #expect(try await kubectl.value(".spec.size", of: "widget", "big") == "3")
        }
    }
}
