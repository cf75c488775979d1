import ClusterAPI
import EmbeddedAPI
import NIOHTTP1
import Testing

/// Where no kubelet runs an agent makes pods, for its own node alone; elsewhere no agent does.
@Suite("What an agent may do for containers without a kubelet", .timeLimit(.minutes(2)))
struct ContainerRightsTests {
    private static let pods = "/api/v1/namespaces/default/pods"

    private static func binding(_ pod: String, to node: String) -> JSONValue {
        [
            "apiVersion": "v1", "kind": "Binding", "metadata": ["name": .string(pod)],
            "target": ["kind": "Node", "name": .string(node)],
        ]
    }

    private static func unbound(_ name: String) -> JSONValue {
        var pod = TestObjects.pod(name, node: "n1")
        pod["spec"]?["nodeName"] = nil
        return pod
    }

    @Test("it makes, binds and deletes pods of its own node, when it is one of these", arguments: [true, false])
    func rights(isRunner: Bool) async throws {
        try await ServerFixture.with { fixture in
            for name in ["n1", "n2"] {
                let node: JSONValue = ["apiVersion": "v1", "kind": "Node", "metadata": ["name": .string(name)]]
                #expect(try await fixture.admin.create("/api/v1/nodes", node).status == 201)
            }
            for pod in [Self.unbound("waits"), Self.unbound("stays"), TestObjects.pod("theirs", node: "n2")] {
                #expect(try await fixture.admin.create(Self.pods, pod).status == 201)
            }
            let groups: Set<String> =
                isRunner ? [Identity.nodesGroup, Identity.containersGroup] : [Identity.nodesGroup]
            try await fixture.withClient(Identity(user: "system:node:n1", groups: groups)) {
                try await Self.tryAll($0, isRunner: isRunner)
            }
        }
    }

    private static func tryAll(_ node: TestClient, isRunner: Bool) async throws {
        func allowed(_ status: Int) -> Int { isRunner ? status : 403 }
        #expect(try await node.create(pods, TestObjects.pod("own", node: "n1")).status == allowed(201))
        #expect(try await node.create(pods, TestObjects.pod("foreign", node: "n2")).status == 403)
        #expect(try await node.create(pods, unbound("nowhere")).status == 403)
        for (pod, place, code) in [("stays", "n2", 403), ("waits", "n1", allowed(201)), ("theirs", "n1", 403)] {
            let answer = try await node.create("\(pods)/\(pod)/binding", binding(pod, to: place))
            #expect(answer.status == code, "\(pod) to \(place)")
        }
        for (pod, code) in [("theirs", 403), ("stays", 403), ("own", allowed(200))] {
            #expect(try await node.send(.DELETE, "\(pods)/\(pod)", nil).status == code, "\(pod)")
        }
    }
}
