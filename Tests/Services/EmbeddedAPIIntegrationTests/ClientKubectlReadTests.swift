import ClusterAPI
import EmbeddedAPI
import NIOHTTP1
import TestSupport
import Testing

/// What people see with kubectl, and how they wait and delete.
@Suite("kubectl reads, waits and deletes", .timeLimit(.minutes(2)))
struct ClientKubectlReadTests {
    private static func words(_ line: Substring?) -> [String] { line?.split(separator: " ").map(String.init) ?? [] }

    @Test("get shows tables, wide tables, JSON, YAML and names, by selectors", arguments: ClientProgram.kubectls)
    func gets(_ program: ClientProgram) async throws {
        try await ServerFixture.with { fixture in
            let kubectl = try ClientKubectl(program, fixture)
            let pods = ClientManifests.pod("a") + "\n---\n" + ClientManifests.pod("b", labels: "color: gray")
            try await kubectl.apply(pods + "\n---\n" + ClientManifests.policy)
            let narrow = try await kubectl.run("get", "pods").split(separator: "\n")
            #expect(Self.words(narrow.first) == ["NAME", "READY", "STATUS", "RESTARTS", "AGE"])
            #expect(Self.words(narrow.dropFirst().first).prefix(4) == ["a", "0/1", "Pending", "0"])
            let wide = try await kubectl.run("get", "pods", "-A", "-o", "wide")
            #expect(wide.contains("NOMINATED NODE") && wide.contains("default     b "))
            #expect(try await kubectl.run("get", "po", "-l", "color in (gray)", "-o", "name") == "pod/b\n")
            #expect(
                try await kubectl.run("get", "po", "--field-selector", "metadata.name!=b", "-o", "name") == "pod/a\n")
            let refused = try await kubectl.fail("get", "po", "--field-selector", "spec.image=x")
            #expect(refused.contains("field label not supported: spec.image"))
            #expect(try await kubectl.run("get", "netpol", "green", "-o", "yaml").contains("  - Ingress\n"))
            #expect(try await kubectl.run("get", "netpol", "-o", "json").contains(#""kind": "List""#))
            #expect(
                Self.words(try await kubectl.run("get", "netpol").split(separator: "\n").last).prefix(2) == [
                    "green", "color=green",
                ])
            #expect(try await kubectl.run("get", "all").contains("pod/a"))
            #expect(
                try await kubectl.run("get", "pods", "--sort-by=.metadata.name", "--no-headers").contains("Pending"))
            #expect(
                try await kubectl.fail("get", "pod", "c").contains(#"Error from server (NotFound): pods "c" not found"#)
            )
            #expect(try await kubectl.run("get", "pods", "--chunk-size=1", "-o", "name") == "pod/a\npod/b\n")
        }
    }

    @Test("get -w follows what happens", arguments: ClientProgram.kubectls)
    func watches(_ program: ClientProgram) async throws {
        try await ServerFixture.with { fixture in
            let kubectl = try ClientKubectl(program, fixture)
            try await kubectl.apply(ClientManifests.pod("first"))
            try await kubectl.following("get", "pods", "-w", "--show-labels") { shows in
                try await shows("first")
                try await kubectl.apply(ClientManifests.pod("second"))
                try await shows("second")
                try await kubectl.run("label", "pod", "second", "tier=front")
                try await shows("tier=front")
            }
            try await kubectl.following("get", "pods", "--watch-only", "-o", "name") { shows in
                // The watch starts when kubectl has read discovery: changes repeat until it sees one.
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        for round in 0..<150 {
                            try await kubectl.fixture.admin.send(
                                .PATCH, "/api/v1/namespaces/default/pods/first",
                                ["metadata": ["labels": ["round": .string("\(round)")]]],
                                type: "application/merge-patch+json")
                            try await Task.sleep(for: .milliseconds(100))
                        }
                    }
                    try await shows("pod/first")
                    group.cancelAll()
                }
            }
        }
    }

    @Test("describe shows objects and their events; get events lists them", arguments: ClientProgram.kubectls)
    func describes(_ program: ClientProgram) async throws {
        try await ServerFixture.with { fixture in
            let kubectl = try ClientKubectl(program, fixture)
            try await kubectl.apply(ClientManifests.pod("web") + "\n---\n" + ClientManifests.policy)
            let uid = try await kubectl.value(".metadata.uid", of: "pod", "web")
            try await kubectl.apply(
                """
                apiVersion: v1
                kind: Event
                metadata: {name: web.1, namespace: default}
                involvedObject: {apiVersion: v1, kind: Pod, name: web, namespace: default, uid: "\(uid)"}
                reason: PolicyChanged
                message: judged anew
                type: Warning
                count: 1
                source: {component: gabion}
                firstTimestamp: "2026-01-01T00:00:00Z"
                lastTimestamp: "2026-01-01T00:00:00Z"
                """)
            let pod = try await kubectl.run("describe", "pod", "web")
            #expect(pod.contains("80/TCP") && pod.contains("PolicyChanged") && pod.contains("judged anew"))
            let policy = try await kubectl.run("describe", "networkpolicy", "green")
            #expect(policy.contains("PodSelector:     color=green") && policy.contains("To Port: 8080/TCP"))
            #expect(try await kubectl.run("describe", "ns", "default").contains("Active"))
            let events = try await kubectl.run("get", "events")
            #expect(events.contains("PolicyChanged") && events.contains("pod/web"))
        }
    }

    @Test("wait ends when the condition holds, or in time when it does not", arguments: ClientProgram.kubectls)
    func waits(_ program: ClientProgram) async throws {
        try await ServerFixture.with { fixture in
            let kubectl = try ClientKubectl(program, fixture)
            try await kubectl.apply(ClientManifests.pod("web"))
            let early = try await kubectl.fail("wait", "--for=condition=Ready", "pod/web", "--timeout=1s")
            #expect(early.contains("timed out waiting for the condition"))
            try await kubectl.following("wait", "--for=condition=Ready", "pod/web", "--timeout=20s") { shows in
                try await fixture.admin.send(
                    .PATCH, "/api/v1/namespaces/default/pods/web/status",
                    ["status": ["phase": "Running", "conditions": [["type": "Ready", "status": "True"]]]],
                    type: "application/strategic-merge-patch+json")
                try await shows("pod/web condition met")
            }
            if program.isCurrent {
                try await kubectl.run("wait", "--for=jsonpath={.status.phase}=Running", "pod/web", "--timeout=5s")
            }
            try await kubectl.run("delete", "pod", "web", "--wait=false")
            try await kubectl.waitUntilGone("pod/web")
        }
    }

    private static func map(_ name: String, owner: String? = nil) -> JSONValue {
        var map = TestObjects.configMap(name, labels: ["set": "x"])
        if let owner {
            map["metadata"]?["ownerReferences"] = [
                [
                    "apiVersion": "v1", "kind": "ConfigMap", "name": "owner", "uid": .string(owner),
                    "blockOwnerDeletion": true,
                ]
            ]
        }
        return map
    }

    @Test(
        "delete cascades as it is told", arguments: ClientProgram.kubectls,
        [("background", false), ("foreground", false), ("orphan", true)])
    func cascades(_ program: ClientProgram, _ variant: (policy: String, dependentStays: Bool)) async throws {
        try await ServerFixture.with { fixture in
            let kubectl = try ClientKubectl(program, fixture)
            let maps = "/api/v1/namespaces/default/configmaps"
            let owner = try await fixture.admin.create(maps, Self.map("owner"))
            let uid = try #require(owner.json["metadata"]?["uid"]?.string)
            #expect(try await fixture.admin.create(maps, Self.map("dependent", owner: uid)).status == 201)
            try await kubectl.run("delete", "configmap", "owner", "--cascade=\(variant.policy)", "--timeout=10s")
            #expect(try await kubectl.fail("get", "cm", "owner").contains("not found"))
            if variant.dependentStays {
                #expect(try await kubectl.value(".metadata.ownerReferences", of: "cm", "dependent") == "")
            } else {
                try await kubectl.waitUntilGone("cm/dependent")
            }
        }
    }

    @Test("delete takes names, labels, files and whole namespaces", arguments: ClientProgram.kubectls)
    func deletes(_ program: ClientProgram) async throws {
        try await ServerFixture.with { fixture in
            let kubectl = try ClientKubectl(program, fixture)
            let maps = "/api/v1/namespaces/default/configmaps"
            for name in ["a", "b", "c"] { #expect(try await fixture.admin.create(maps, Self.map(name)).status == 201) }
            #expect(try await kubectl.run("delete", "cm", "a") == "configmap \"a\" deleted\n")
            try await kubectl.run("delete", "cm", "-l", "set=x")
            #expect(try await kubectl.run("get", "cm", "-o", "name") == "")
            #expect(try await kubectl.fail("delete", "cm", "a").contains("not found"))
            try await kubectl.run("delete", "cm", "a", "--ignore-not-found")

            try await kubectl.run("create", "namespace", "shop")
            try await kubectl.apply(ClientManifests.pod("p", namespace: "shop"))
            let file = try kubectl.manifest(
                """
                {"apiVersion":"v1","kind":"List","items":[
                 {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"shop"}},
                 {"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","namespace":"shop"}}]}
                """)
            let gone = try await kubectl.run("delete", "-f", file, "--timeout=20s")
            #expect(gone.contains("namespace \"shop\" deleted") && gone.contains("pod \"p\" deleted"))
            #expect(try await kubectl.fail("get", "pods", "p", "-n", "shop").contains("not found"))
        }
    }

    @Test("an object with a finalizer waits for it", arguments: ClientProgram.kubectls)
    func finalizes(_ program: ClientProgram) async throws {
        try await ServerFixture.with { fixture in
            let kubectl = try ClientKubectl(program, fixture)
            try await kubectl.apply(
                #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"held","finalizers":["example.com/hold"]}}"#)
            try await kubectl.run("delete", "cm", "held", "--wait=false")
            #expect(try await kubectl.value(".metadata.deletionTimestamp", of: "cm", "held").hasSuffix("Z"))
            try await kubectl.run("patch", "cm", "held", "--type=merge", "-p", #"{"metadata":{"finalizers":null}}"#)
            #expect(try await kubectl.fail("get", "cm", "held").contains("not found"))
        }
    }

    @Test("api-resources, api-versions, version and can-i know the server", arguments: ClientProgram.kubectls)
    func discovers(_ program: ClientProgram) async throws {
        try await ServerFixture.with { fixture in
            let kubectl = try ClientKubectl(program, fixture)
            let resources = try await kubectl.run("api-resources")
            for word in [
                "networkpolicies", "netpol", "hostsubnets", "customresourcedefinitions", "route.openshift.io/v1",
            ] {
                #expect(resources.contains(word))
            }
            #expect(try await kubectl.run("api-resources", "--namespaced=false", "-o", "name").contains("nodes\n"))
            #expect(try await kubectl.run("api-versions").contains("extensions/v1beta1\n"))
            #expect(try await kubectl.run("version", "-o", "json").contains("serverVersion"))
            #expect(try await kubectl.run("auth", "can-i", "create", "pods") == "yes\n")
            #expect(try await kubectl.run("auth", "can-i", "--list").contains("*.*"))
            guard program.isCurrent else { return }
            let masters = try await kubectl.run("auth", "whoami")
            #expect(masters.contains("system:masters"), "\(masters)")
            #expect(try await kubectl.run("auth", "whoami", "--as=eve").contains("eve"))
            #expect(try await kubectl.run("explain", "networkpolicy.spec.ingress").contains("NetworkPolicyPort"))
            let dry = try kubectl.manifest(ClientManifests.policy)
            #expect(try await kubectl.run("apply", "--dry-run=server", "-f", dry).contains("created (server dry run)"))
            #expect(try await kubectl.run("get", "netpol").contains("No resources found"))
        }
    }

    @Test("who may not, may not, and is told so", arguments: ClientProgram.kubectls)
    func refusesStrangers(_ program: ClientProgram) async throws {
        try await ServerFixture.with { fixture in
            let reader = try ClientKubectl(program, fixture, as: Identity(user: "eve", groups: ["gabion:readers"]))
            #expect(try await reader.run("get", "namespaces").contains("kube-system"))
            let refused = try await reader.fail("create", "namespace", "mine")
            #expect(
                refused.contains(
                    #"namespaces is forbidden: User "eve" cannot create resource "namespaces" in API group "" at the cluster scope"#
                ), "\(refused)")
            #expect(try await reader.attempt("auth", "can-i", "delete", "pods").text.contains("no"))

            let authority = fixture.directory + "/pki/ca.crt"
            let server = try #require(fixture.endpoints.url)
            for options in [["--token", "wrong"], ["--username", "a", "--password", "b"]] {
                let outcome = try await program.run(
                    ["--kubeconfig", "/dev/null", "--server", server, "--certificate-authority", authority] + options
                        + ["get", "pods"])
                #expect(!outcome.isSuccess)
                #expect(
                    outcome.text.contains("Unauthorized") || outcome.text.contains("must be logged in"),
                    "\(outcome.text)")
            }
        }
    }
}
