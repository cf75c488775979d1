import ClusterAPI
import EmbeddedAPI
import NIOHTTP1
import Testing

/// A node that is taken over stays within what its agent needs.
@Suite("What a node may write", .timeLimit(.minutes(2)))
struct NodeRestrictionTests {
    private static let own = "/api/v1/nodes/n1"
    private static let pods = "/api/v1/namespaces/default/pods"
    private static let events = "/api/v1/namespaces/default/events"
    private static let leases = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"
    private static let stranger: JSONValue = [
        "apiVersion": "v1", "kind": "ConfigMap", "name": "gone", "uid": "00000000-0000-4000-8000-000000000000",
    ]

    private static func withNode(_ body: @Sendable (ServerFixture, TestClient) async throws -> Void) async throws {
        try await ServerFixture.with { fixture in
            for name in ["n1", "n2"] {
                let node: JSONValue = [
                    "apiVersion": "v1", "kind": "Node",
                    "metadata": [
                        "name": .string(name), "labels": ["tier": "edge"], "finalizers": ["example.com/keep"],
                    ],
                ]
                #expect(try await fixture.admin.create("/api/v1/nodes", node).status == 201)
            }
            #expect(try await fixture.admin.create(pods, TestObjects.pod("mine", node: "n1")).status == 201)
            #expect(try await fixture.admin.create(pods, TestObjects.pod("other", node: "n2")).status == 201)
            #expect(try await fixture.admin.create(events, event("theirs", host: "n2")).status == 201)
            try await fixture.withClient(Identity(user: "system:node:n1", groups: [Identity.nodesGroup])) { client in
                try await body(fixture, client)
            }
        }
    }

    private static func event(_ name: String, host: String, metadata: [String: JSONValue] = [:]) -> JSONValue {
        [
            "apiVersion": "v1", "kind": "Event",
            "metadata": .object(metadata.merging(["name": .string(name), "namespace": "default"]) { own, _ in own }),
            "involvedObject": ["kind": "Pod", "name": "mine", "namespace": "default"], "reason": "Test",
            "message": "m", "type": "Normal", "source": ["component": "c", "host": .string(host)],
        ]
    }

    /// Merge patches of the node's own Node, with the code each must get.
    static let patches: [(JSONValue, Int)] = [
        (["metadata": ["ownerReferences": [stranger]]], 403),
        (["metadata": ["finalizers": .null]], 403),
        (["metadata": ["finalizers": ["example.com/keep", "example.com/stay"]]], 403),
        (["metadata": ["labels": ["tier": "core"]]], 403),
        (["metadata": ["labels": ["tier": .null]]], 403),
        (["metadata": ["labels": ["k8s.ovn.org/egress-assignable": ""]]], 403),
        (["metadata": ["labels": ["node-restriction.kubernetes.io/zone": "a"]]], 403),
        (["metadata": ["labels": ["kubernetes.io/arch": "amd64"]]], 200),
        (["metadata": ["annotations": ["gabion.io/anything": "x"]]], 403),
        (["metadata": ["annotations": ["node-restriction.kubernetes.io/x": "x"]]], 403),
        (["metadata": ["annotations": ["volumes.kubernetes.io/controller-managed-attach-detach": "true"]]], 200),
        (["metadata": ["annotations": ["gabion.io/flow-endpoint": "10.0.0.1:9472"]]], 200),
        (["metadata": ["annotations": ["gabion.io/flow-endpoint": "[fd00::1]:9472"]]], 200),
        (["metadata": ["annotations": ["gabion.io/flow-endpoint": "elsewhere.example:9472"]]], 403),
        (["metadata": ["annotations": ["gabion.io/flow-endpoint": "10.0.0.1"]]], 403),
        (["metadata": ["annotations": ["gabion.io/flow-endpoint": "10.0.0.1:0"]]], 403),
        (["metadata": ["annotations": ["gabion.io/flow-endpoint": "0.0.0.0:9472"]]], 403),
        (["metadata": ["annotations": ["gabion.io/flow-endpoint": "224.0.0.1:9472"]]], 403),
        (["metadata": ["annotations": ["gabion.io/flow-endpoint": .null]]], 200),
        (["spec": ["podCIDR": "10.0.0.0/8", "podCIDRs": ["10.0.0.0/8"]]], 403),
        (["spec": ["unschedulable": true]], 403),
        (["spec": ["taints": [["key": "a", "effect": "NoExecute"]]]], 403),
        (["status": ["phase": "Running"]], 200),
    ]

    @Test("a node changes what it reports of its own Node, and nothing that has power over it")
    func patchesOwnNode() async throws {
        try await Self.withNode { fixture, client in
            for (patch, code) in Self.patches {
                for path in [Self.own + "?dryRun=All", Self.own] {
                    let answer = try await client.send(.PATCH, path, patch, type: "application/merge-patch+json")
                    #expect(answer.status == code, "\(path) \(patch): \(answer.text)")
                }
            }
            #expect(try await fixture.admin.get(Self.own).json["metadata"]?["labels"]?["tier"] == "edge")
        }
    }

    @Test("a status write changes no metadata, so no owner can be smuggled in")
    func keepsMetadata() async throws {
        try await Self.withNode { fixture, client in
            let patch: JSONValue = [
                "metadata": ["ownerReferences": [Self.stranger], "finalizers": ["example.com/x"], "labels": ["a": "b"]]
            ]
            for path in [Self.own, Self.pods + "/mine"] {
                let before = try await fixture.admin.get(path).json["metadata"]
                let answer = try await client.send(
                    .PATCH, path + "/status", patch, type: "application/merge-patch+json")
                #expect(answer.status == 200)
                #expect(try await fixture.admin.get(path).json["metadata"] == before)
            }
        }
    }

    @Test("the refusal names the node and what it may not do")
    func words() async throws {
        try await Self.withNode { _, client in
            let answer = try await client.send(
                .PATCH, Self.own, ["metadata": ["ownerReferences": [Self.stranger]]],
                type: "application/merge-patch+json")
            #expect(
                answer.message
                    == #"nodes "n1" is forbidden: node "n1" is not allowed to modify metadata.ownerReferences"#)
        }
    }

    /// What a node says when it registers, with the code it must get.
    static let registrations: [(JSONValue, Int)] = [
        (["metadata": ["name": "n3", "labels": ["kubernetes.io/hostname": "n3"]]], 201),
        (["metadata": ["name": "n3"], "spec": ["taints": [["key": "a", "effect": "NoSchedule"]]]], 201),
        (["metadata": ["name": "n3", "labels": ["tier": "core"]]], 403),
        (["metadata": ["name": "n3", "ownerReferences": [stranger]]], 403),
        (["metadata": ["name": "n3", "finalizers": ["example.com/x"]]], 403),
        (["metadata": ["name": "n3"], "spec": ["podCIDR": "10.0.0.0/8"]], 403),
        (["metadata": ["name": "n4"]], 403),
    ]

    @Test("a node registers itself with what a kubelet says, and nothing more")
    func registers() async throws {
        try await ServerFixture.with { fixture in
            try await fixture.withClient(Identity(user: "system:node:n3", groups: [Identity.nodesGroup])) { client in
                for (node, code) in Self.registrations {
                    let answer = try await client.create("/api/v1/nodes", node)
                    #expect(answer.status == code, "\(node): \(answer.text)")
                    if code == 201 { try await fixture.admin.send(.DELETE, "/api/v1/nodes/n3") }
                }
            }
        }
    }

    @Test("a node writes its own events, without owner or finalizer, and leaves those of others alone")
    func writesEvents() async throws {
        try await Self.withNode { _, client in
            let owned = Self.event("b", host: "n1", metadata: ["ownerReferences": [Self.stranger]])
            let held = Self.event("c", host: "n1", metadata: ["finalizers": ["example.com/x"]])
            #expect(try await client.create(Self.events, Self.event("a", host: "n1")).status == 201)
            #expect(try await client.create(Self.events, Self.event("d", host: "n2")).status == 403)
            #expect(try await client.create(Self.events, owned).status == 403)
            #expect(try await client.create(Self.events, held).status == 403)
            let more: JSONValue = ["count": 2]
            let take: JSONValue = ["source": ["host": "n1"], "message": "x"]
            for (name, patch, code) in [("a", more, 200), ("theirs", more, 403), ("theirs", take, 403)] {
                let answer = try await client.send(
                    .PATCH, Self.events + "/\(name)", patch, type: "application/merge-patch+json")
                #expect(answer.status == code, "\(name): \(answer.text)")
            }
        }
    }

    @Test("a node's Lease is of its name, among the node Leases, and goes with its Node alone")
    func writesLease() async throws {
        try await Self.withNode { fixture, client in
            let uid = try await fixture.admin.get(Self.own).json["metadata"]?["uid"] ?? .null
            func lease(_ owner: JSONValue?) -> JSONValue {
                var lease: JSONValue = [
                    "apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": ["name": "n1"],
                    "spec": ["holderIdentity": "n1"],
                ]
                if let owner { lease["metadata"]?["ownerReferences"] = [owner] }
                return lease
            }
            let elsewhere = Self.leases.replacing("kube-node-lease", with: "kube-system")
            #expect(try await client.create(elsewhere, lease(nil)).status == 403)
            #expect(try await client.create(Self.leases, lease(Self.stranger)).status == 403)
            let itself: JSONValue = ["apiVersion": "v1", "kind": "Node", "name": "n1", "uid": uid]
            let made = try await client.create(Self.leases, lease(itself))
            #expect(made.status == 201, "\(made.text)")
            #expect(try await client.send(.DELETE, Self.leases + "/n1").status == 200)
        }
    }

    @Test("a node's agent has its Lease in kube-system, and no other there")
    func writesAgentLease() async throws {
        try await Self.withNode { fixture, client in
            let leases = Self.leases.replacing("kube-node-lease", with: "kube-system")
            for (name, code) in [("gabion-agent-n1", 201), ("gabion-agent-n2", 403), ("gabion-controller", 403)] {
                let lease: JSONValue = [
                    "apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": ["name": .string(name)],
                    "spec": ["holderIdentity": "n1"],
                ]
                let made = try await client.create(leases, lease)
                #expect(made.status == code, "\(name): \(made.text)")
            }
            let patch: JSONValue = ["spec": ["renewTime": "2026-01-01T00:00:00.000000Z"]]
            let renewed = try await client.send(
                .PATCH, leases + "/gabion-agent-n1", patch, type: "application/merge-patch+json")
            #expect(renewed.status == 200, "\(renewed.text)")
        }
    }

    @Test("a kind of another group that shares a plural is none of a node's")
    func tellsGroupsApart() async throws {
        try await Self.withNode { fixture, client in
            var definition = TestObjects.widgets
            definition["metadata"]?["name"] = "pods.test.gabion.io"
            definition["spec"]?["names"] = ["plural": "pods", "singular": "pod", "kind": "Pod"]
            let definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
            let made = try await fixture.admin.create(definitions, definition)
            #expect(made.status == 201, "\(made.text)")
            let path = "/apis/test.gabion.io/v1/namespaces/default/pods"
            #expect(try await fixture.admin.get(path).status == 200)
            #expect(try await client.get(path).status == 403)
            #expect(try await client.get(Self.pods).status == 200)
        }
    }

    @Test("pods are made and bound by others")
    func makesNoPods() async throws {
        try await Self.withNode { _, client in
            for path in [Self.pods, Self.pods + "/other/binding", Self.pods + "/mine/binding"] {
                let answer = try await client.create(path, TestObjects.pod("new", node: "n1"))
                #expect(answer.status == 403, "\(path): \(answer.text)")
            }
        }
    }
}
