import ClusterAPI
import EmbeddedAPI
import TestSupport
import Testing

/// What people change with kubectl.
@Suite("kubectl writes", .timeLimit(.minutes(2)))
struct ClientKubectlWriteTests {
    @Test("apply creates, changes, and says when nothing changed", arguments: ClientProgram.kubectls)
    func applies(_ program: ClientProgram) async throws {
        try await ServerFixture.with { fixture in
            let kubectl = try ClientKubectl(program, fixture)
            let both = ClientManifests.policy + "\n---\n" + ClientManifests.pod("web")
            let first = try await kubectl.apply(both)
            #expect(first.contains("networkpolicy.networking.k8s.io/green created"))
            #expect(first.contains("pod/web created"))
            let revision = try await kubectl.value(".metadata.resourceVersion", of: "networkpolicy", "green")
            let second = try await kubectl.apply(both)
            #expect(second.contains("networkpolicy.networking.k8s.io/green unchanged"))
            #expect(second.contains("pod/web unchanged"))
            #expect(try await kubectl.value(".metadata.resourceVersion", of: "networkpolicy", "green") == revision)
            let changed = both.replacing("color: gray", with: "color: purple").replacing("nginx:1", with: "nginx:2")
            let third = try await kubectl.apply(changed)
            #expect(third.contains("networkpolicy.networking.k8s.io/green configured"))
            #expect(third.contains("pod/web configured"))
            let path = ".spec.ingress[0].from[0].podSelector.matchLabels.color"
            #expect(try await kubectl.value(path, of: "networkpolicy", "green") == "purple")
            #expect(try await kubectl.value(".spec.containers[0].image", of: "pod", "web") == "nginx:2")
        }
    }

    @Test("apply takes fields away that the manifest no longer has", arguments: ClientProgram.kubectls)
    func prunesFields(_ program: ClientProgram) async throws {
        try await ServerFixture.with { fixture in
            let kubectl = try ClientKubectl(program, fixture)
            let map = #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"},"data":{"a":"1","b":"2"}}"#
            try await kubectl.apply(map)
            try await kubectl.run("label", "configmap", "c", "by=hand")
            try await kubectl.apply(map.replacing(#","b":"2""#, with: ""))
            #expect(try await kubectl.value(".data", of: "cm", "c") == #"{"a":"1"}"#)
            #expect(try await kubectl.value(".metadata.labels.by", of: "cm", "c") == "hand")
        }
    }

    @Test(
        "the seed's manifests of extensions/v1beta1 apply, and are NetworkPolicies", arguments: ClientProgram.kubectls)
    func appliesOldVersion(_ program: ClientProgram) async throws {
        try await ServerFixture.with { fixture in
            let kubectl = try ClientKubectl(program, fixture)
            let old = ClientManifests.policy.replacing("networking.k8s.io/v1", with: "extensions/v1beta1")
            #expect(try await kubectl.apply(old).contains("green created"))
            #expect(try await kubectl.apply(old.replacing("8080", with: "9090")).contains("green configured"))
            #expect(try await kubectl.value(".apiVersion", of: "netpol", "green") == "networking.k8s.io/v1")
            #expect(try await kubectl.value(".spec.ingress[0].ports[0].port", of: "netpol", "green") == "9090")
        }
    }

    @Test("label and annotate add, guard and remove", arguments: ClientProgram.kubectls)
    func labels(_ program: ClientProgram) async throws {
        try await ServerFixture.with { fixture in
            let kubectl = try ClientKubectl(program, fixture)
            try await kubectl.apply(ClientManifests.pod("web"))
            #expect(try await kubectl.run("label", "pod", "web", "tier=front").contains("pod/web labeled"))
            #expect(try await kubectl.fail("label", "pod", "web", "tier=back").contains("already has a value (front)"))
            try await kubectl.run("label", "pods", "-l", "color=green", "tier=back", "--overwrite")
            #expect(try await kubectl.value(".metadata.labels.tier", of: "pod", "web") == "back")
            try await kubectl.run("label", "pod", "web", "tier-")
            #expect(try await kubectl.value(".metadata.labels", of: "pod", "web") == #"{"color":"green"}"#)
            #expect(try await kubectl.fail("label", "pod", "web", "a=b c").contains("a valid label must be"))
            try await kubectl.run("annotate", "namespace", "default", "example.com/note=a b")
            let path = #".metadata.annotations.example\.com/note"#
            #expect(try await kubectl.value(path, of: "ns", "default") == "a b")
        }
    }

    @Test("patch works in its three kinds", arguments: ClientProgram.kubectls)
    func patches(_ program: ClientProgram) async throws {
        try await ServerFixture.with { fixture in
            let kubectl = try ClientKubectl(program, fixture)
            try await kubectl.apply(ClientManifests.policy)
            let port = ".spec.ingress[0].ports[0].port"
            try await kubectl.run(
                "patch", "netpol", "green", "--type=json", "-p",
                #"[{"op":"test","path":"/spec/ingress/0/ports/0/port","value":8080},{"op":"replace","path":"/spec/ingress/0/ports/0/port","value":"http"}]"#
            )
            #expect(try await kubectl.value(port, of: "netpol", "green") == "http")
            try await kubectl.run(
                "patch", "netpol", "green", "--type=merge", "-p", #"{"spec":{"policyTypes":["Ingress","Egress"]}}"#)
            #expect(try await kubectl.value(".spec.policyTypes[*]", of: "netpol", "green") == "Ingress Egress")
            try await kubectl.apply(ClientManifests.pod("web"))
            try await kubectl.run(
                "patch", "pod", "web", "-p", #"{"spec":{"containers":[{"name":"web","image":"nginx:3"}]}}"#)
            #expect(try await kubectl.value(".spec.containers[0].ports[0].name", of: "pod", "web") == "http")
            #expect(try await kubectl.value(".spec.containers[0].image", of: "pod", "web") == "nginx:3")
            let refused = try await kubectl.fail(
                "patch", "netpol", "green", "--type=json", "-p", #"[{"op":"remove","path":"/spec/nothing"}]"#)
            #expect(
                refused.contains("remove operation does not apply: doc is missing key: /spec/nothing"), "\(refused)")
        }
    }

    @Test("edit opens the object in the editor and saves what the editor made", arguments: ClientProgram.kubectls)
    func edits(_ program: ClientProgram) async throws {
        try await ServerFixture.with { fixture in
            let kubectl = try ClientKubectl(program, fixture)
            try await kubectl.apply(ClientManifests.policy)
            let saved = try await kubectl.run(
                "edit", "networkpolicy", "green", environment: ["KUBE_EDITOR": "sed -i s/8080/9191/"])
            #expect(saved.contains("networkpolicy.networking.k8s.io/green edited"))
            #expect(try await kubectl.value(".spec.ingress[0].ports[0].port", of: "netpol", "green") == "9191")
            let same = try await kubectl.run("edit", "networkpolicy", "green", environment: ["KUBE_EDITOR": "true"])
            #expect(same.contains("no changes made") || same.contains("cancelled"))
        }
    }

    @Test("a bad NetworkPolicy is refused with the path of its field", arguments: ClientProgram.kubectls)
    func refusesBadPolicies(_ program: ClientProgram) async throws {
        try await ServerFixture.with { fixture in
            let kubectl = try ClientKubectl(program, fixture)
            let file = try kubectl.manifest(ClientManifests.policy.replacing("8080", with: "70000"))
            let refused = try await kubectl.fail("apply", "-f", file)
            #expect(
                refused.contains(
                    "The NetworkPolicy \"green\" is invalid: spec.ingress[0].ports[0].port: Invalid value: 70000: must be between 1 and 65535, inclusive"
                ), "\(refused)")
            let misspelt = try kubectl.manifest(ClientManifests.policy.replacing("ingress:", with: "ingres:"))
            let outcome = try await kubectl.attempt("apply", "-f", misspelt)
            // The server refuses for a current kubectl; an older one refuses by itself, after the OpenAPI document.
            #expect(!outcome.isSuccess)
            let words = program.isCurrent ? #"unknown field "spec.ingres""# : #"unknown field "ingres""#
            #expect(outcome.text.contains(words), "\(outcome.text)")
        }
    }

    @Test("create refuses what is there, replace demands it", arguments: ClientProgram.kubectls)
    func createsAndReplaces(_ program: ClientProgram) async throws {
        try await ServerFixture.with { fixture in
            let kubectl = try ClientKubectl(program, fixture)
            let file = try kubectl.manifest(ClientManifests.policy)
            #expect(try await kubectl.fail("replace", "-f", file).contains(#""green" not found"#))
            try await kubectl.run("create", "-f", file)
            #expect(try await kubectl.fail("create", "-f", file).contains(#""green" already exists"#))
            #expect(try await kubectl.run("replace", "-f", file).contains("replaced"))
            #expect(try await kubectl.run("create", "namespace", "shop").contains("namespace/shop created"))
            #expect(try await kubectl.fail("create", "namespace", "Shop").contains("a lowercase RFC 1123 label"))
            let stray = try kubectl.manifest(ClientManifests.pod("p", namespace: "nowhere"))
            #expect(try await kubectl.fail("create", "-f", stray).contains(#"namespaces "nowhere" not found"#))
            try await kubectl.run("create", "configmap", "c", "--from-literal=a=b", "-n", "shop")
            #expect(try await kubectl.value(".data.a", of: "cm", "c", "-n", "shop") == "b")
        }
    }

    @Test("custom resources are served as soon as their definition is established", arguments: ClientProgram.kubectls)
    func servesCustomResources(_ program: ClientProgram) async throws {
        try await ServerFixture.with { fixture in
            let kubectl = try ClientKubectl(program, fixture)
            try await kubectl.apply(ClientManifests.definition)
            try await kubectl.run("wait", "--for=condition=Established", "crd/widgets.example.com", "--timeout=10s")
            #expect(try await kubectl.apply(ClientManifests.widget(3)).contains("widget.example.com/big created"))
            #expect(try await kubectl.apply(ClientManifests.widget(3)).contains("unchanged"))
            #expect(try await kubectl.apply(ClientManifests.widget(4)).contains("configured"))
            let table = try await kubectl.run("get", "wd")
            #expect(table.contains("NAME") && table.contains("SIZE"))
            #expect(table.split(separator: "\n").last?.split(separator: " ").map(String.init) == ["big", "4"])
            try await kubectl.run("patch", "widget", "big", "--type=merge", "-p", #"{"spec":{"parts":null}}"#)
            #expect(try await kubectl.value(".spec", of: "widget", "big") == #"{"size":4}"#)
            try await kubectl.run("delete", "crd", "widgets.example.com", "--timeout=20s")
            let gone = try await kubectl.fail("get", "widgets")
            // With discovery still cached, kubectl asks the path that is no longer served.
            let words = ["the server doesn't have a resource type", "could not find the requested resource"]
            #expect(words.contains(where: gone.contains), "\(gone)")
        }
    }
}
