import ClusterAPI
import Lab
import LinuxSystem
import NetworkTypes
import PolicyEngine
import TestSupport
import Testing

/// Whole labs: the real API server, controller, agents and plugin.
@Suite("a lab's life", .requiresRoot, .timeLimit(.minutes(3)))
struct LabLifecycleTests {
    private func withLab(
        _ topology: LabTopology, _ objects: [JSONValue], _ body: (Lab) async throws -> Void
    ) async throws {
        let name = try LabName("t" + UniqueName.next().filter { $0 != "-" })
        do {
            try await body(try await Lab.up(name, topology, objects: objects, endsWithThisProcess: true))
        } catch {
            try await Lab.down(name)
            throw error
        }
        try await Lab.down(name)
        #expect(try NetworkNamespace.list(prefix: name.namespacePrefix).isEmpty)
        #expect(!LabDirectory(name).exists)
    }

    private func pod(_ namespace: String, _ name: String, _ labels: JSONValue = [:]) -> JSONValue {
        [
            "apiVersion": "v1", "kind": "Pod",
            "metadata": ["name": .string(name), "namespace": .string(namespace), "labels": labels],
            "spec": [
                "containers": [
                    [
                        "name": "c", "image": "x",
                        "ports": [
                            ["name": "web", "containerPort": 80], ["containerPort": 53, "protocol": "UDP"],
                            ["containerPort": 7777, "protocol": "SCTP"],
                        ],
                    ]
                ]
            ],
        ]
    }

    private func policy(_ namespace: String, _ name: String, _ spec: JSONValue) -> JSONValue {
        [
            "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
            "metadata": ["name": .string(name), "namespace": .string(namespace)], "spec": spec,
        ]
    }

    /// Every pair of pods, nodes and outside hosts, in every protocol and both families.
    private func allFlows(_ lab: Lab, _ snapshot: ClusterSnapshot) -> [Flow] {
        let pods = snapshot.pods.flatMap { $0.addressTexts.compactMap { IPAddress($0) } }
        let machines =
            lab.topology.nodes.flatMap { lab.topology.addresses(ofNode: $0.name) }
            + lab.topology.outside.flatMap(\.addresses)
        let ends = pods + machines
        let kinds: [(TransportProtocol, UInt16?)] = [(.tcp, 80), (.tcp, 81), (.udp, 53), (.sctp, 7777), (.icmp, nil)]
        return ends.flatMap { from in
            ends.filter { $0.family == from.family }.flatMap { to in
                kinds.map { Flow(from: .address(from), to: .address(to), transport: $0.0, port: $0.1) }
            }
        }
    }

    @Test("engine and network agree on every pair, before and after a change, in both families")
    func agreement() async throws {
        let objects: [JSONValue] = [
            ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "a", "labels": ["team": "one"]]],
            pod("a", "web", ["app": "web"]), pod("a", "db", ["app": "db"]), pod("b", "client"),
            policy(
                "a", "web",
                [
                    "podSelector": ["matchLabels": ["app": "web"]],
                    "ingress": [
                        ["from": [["namespaceSelector": [:], "podSelector": [:]]], "ports": [["port": "web"]]],
                        ["from": [["ipBlock": ["cidr": "203.0.113.0/24"]]], "ports": [["protocol": "SCTP"]]],
                    ],
                ]),
        ]
        try await withLab(.standard(nodes: 2, ipv6: true), objects) { lab in
            for change in [
                [],
                [
                    policy("b", "closed", ["podSelector": [:], "policyTypes": ["Egress"]]),
                    policy(
                        "a", "db",
                        ["podSelector": ["matchLabels": ["app": "db"]], "ingress": [["from": [["podSelector": [:]]]]]]),
                ],
            ] {
                try await lab.apply(change)
                let snapshot = try await lab.snapshot()
                let answers = try await lab.verify(allFlows(lab, snapshot), snapshot)
                let wrong = answers.filter(\.differs)
                #expect(wrong.isEmpty, "\(wrong.count) of \(answers.count), first \(String(describing: wrong.first))")
                #expect(answers.contains { $0.observed == "deny" } && answers.contains { $0.observed == "allow" })
                #expect(!answers.contains { $0.observed == "unprobed" })
            }
        }
    }

    @Test("pods come and go with their objects, and leave no namespace")
    func comingAndGoing() async throws {
        try await withLab(.standard(nodes: 2), [pod("a", "first")]) { lab in
            let prefix = lab.directory.name.namespacePrefix + "pod-"
            var second = pod("a", "second")
            second["spec"]?["containers"] = [["name": "c", "image": "x", "command": ["sleep", "1000"]]]
            try await lab.apply([second])
            try await eventually { try await lab.snapshot().pods.allSatisfy { $0.status?.phase == "Running" } }
            #expect(try NetworkNamespace.list(prefix: prefix).count == 2)
            try await lab.delete([pod("a", "first"), second])
            try await eventually { try NetworkNamespace.list(prefix: prefix).isEmpty }
        }
    }

    @Test("an object that the API refuses fails the lab with the field, and nothing is left")
    func refusal() async throws {
        let name = try LabName("t" + UniqueName.next().filter { $0 != "-" })
        let bad = policy("a", "bad", ["podSelector": [:], "ingress": [["ports": [["port": 70_000]]]]])
        let error = await #expect(throws: LabError.self) {
            try await Lab.up(name, .standard(nodes: 1), objects: [bad], endsWithThisProcess: true)
        }
        #expect(error?.cause.contains("spec.ingress[0].ports[0].port") == true, "\(String(describing: error))")
        #expect(try NetworkNamespace.list(prefix: name.namespacePrefix).isEmpty)
        #expect(!LabDirectory(name).exists)
    }

    @Test("a supervisor that is killed takes every process with it, and the name can be used again")
    func crash() async throws {
        try await withLab(.standard(nodes: 1), [pod("a", "first")]) { lab in
            let state = try lab.state()
            let processes = state.processes.compactMap(\.pid).compactMap { try? ProcessHandle(pid: $0) }
            #expect(processes.count == 3)
            try ProcessHandle(pid: state.supervisor).send(.kill)
            try await eventually { processes.allSatisfy { !$0.isRunning } }
            #expect(throws: LabError.self) { try Lab.running(lab.directory.name) }
            let again = try await Lab.up(
                lab.directory.name, lab.topology, objects: [pod("a", "first")], endsWithThisProcess: true)
            #expect(try again.state().pods.settled == 1)
            await #expect(throws: LabError.self) { try await Lab.up(lab.directory.name, lab.topology, objects: []) }
        }
    }
}
