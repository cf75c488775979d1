import ClusterAPI
import KubernetesClient
import Lab
import LinuxSystem
import NetworkTypes
import PolicyEngine
import ServiceVerdicts
import TestSupport
import Testing

import struct Lab.Probe

/// Every door of every kind of service is asked by pods, nodes and the outside, in both families, by TCP and UDP, without
/// policies and with; what happens is what `ServiceJudge` says.
@Suite("Services of every kind do as the verdicts say", .requiresRoot, .serialized, .timeLimit(.minutes(10)))
struct ServiceMatrixSuite {
    private static let clients = ["shop/db-1", "front/near", "front/far", "node/node-1", "node/node-2"]

    private static let externalIPs: JSONValue = [
        "apiVersion": "gabion.io/v1", "kind": "ExternalIPPolicy", "metadata": ["name": "office"],
        "spec": [
            "allowedCIDRs": ["198.51.100.0/24", "2001:db8:51::/64"],
            "autoAssignCIDRs": ["192.0.2.0/24", "2001:db8:52::/64"],
        ],
    ]

    private static func database(_ number: Int) -> JSONValue {
        let ports = ["TCP", "UDP"].map { transport -> JSONValue in
            ["containerPort": 8080, "protocol": .string(transport), "name": .string(transport.lowercased())]
        }
        return SuiteLab.pod(
            "db-\(number)", labels: ["app": "db", "place": "node-\(number)"], node: "node-\(number)",
            more: ["containers": [["name": "main", "ports": .array(ports)]]])
    }

    @Test("each type with each traffic policy, without policies, with some, and closed")
    func matrix() async throws {
        var topology = LabTopology.standard(ipv6: true)
        topology.serviceNetwork = "172.30.0.0/16,fd99::/112"
        let pods = [
            Self.database(1), Self.database(2), SuiteLab.pod("near", in: "front", node: "node-1"),
            SuiteLab.pod("far", in: "front", node: "node-2"),
        ]
        try await SuiteLab.with(topology, objects: pods + [Self.externalIPs]) { lab in
            try await lab.apply(ServiceShape.all.enumerated().map { $0.element.manifest($0.offset) })
            let services = try await everyServiceIsThere(lab)
            let some = try Self.some(lab)
            try await lead(lab, to: "node-2")
            try await check(lab, services, entry: "node-2", "without policies")
            try await lab.apply(some)
            try await check(lab, services, entry: "node-2", "with some allowed")
            try await lead(lab, to: "node-1")
            try await check(lab, services, entry: "node-1", "with some allowed")
            try await lab.apply(Self.closed)
            try await lab.delete(some)
            try await check(lab, services, entry: "node-1", "closed")
        }
    }

    /// The databases let in one pod and whoever is outside, as themselves; that pod may go to databases only.
    private static func some(_ lab: Lab) throws -> [JSONValue] {
        let strangers = try #require(lab.topology.outside.first).addresses.map { address -> JSONValue in
            ["ipBlock": ["cidr": .string("\(address)/\(address.family.bitWidth)")]]
        }
        let far: JSONValue = ["namespaceSelector": [:], "podSelector": ["matchLabels": ["app": "far"]]]
        return [
            SuiteLab.policy(
                "some",
                spec: [
                    "podSelector": ["matchLabels": ["app": "db"]], "ingress": [["from": .array([far] + strangers)]],
                ]),
            SuiteLab.policy(
                "databases", in: "front",
                spec: [
                    "podSelector": ["matchLabels": ["app": "far"]], "policyTypes": ["Egress"],
                    "egress": [
                        [
                            "to": [["namespaceSelector": [:], "podSelector": ["matchLabels": ["app": "db"]]]],
                            "ports": [["port": 8080, "protocol": "TCP"], ["port": 8080, "protocol": "UDP"]],
                        ]
                    ],
                ]),
        ]
    }

    /// Nobody gets to the databases, and one client gets nowhere.
    private static let closed: [JSONValue] = [
        SuiteLab.policy("closed", spec: ["podSelector": [:], "policyTypes": ["Ingress"]]),
        SuiteLab.policy(
            "mute", in: "front",
            spec: ["podSelector": ["matchLabels": ["app": "near"]], "policyTypes": ["Egress"]]),
    ]

    // MARK: The cluster

    /// What the API has, once all addresses are given and all endpoints written.
    private func everyServiceIsThere(_ lab: Lab) async throws -> Services {
        var services = try await Services(lab)
        try await eventually("all services have addresses and endpoints", within: .seconds(30)) {
            services = try await Services(lab)
            return ServiceShape.all.allSatisfy {
                services.doors(of: $0).count == $0.doorCount && services.hasEndpoints($0)
            }
        }
        return services
    }

    /// The router sends addresses from outside to one node.
    private func lead(_ lab: Lab, to node: String) async throws {
        let router = NamespaceReference.named(lab.directory.name.routerNamespace)
        let gateways = lab.topology.addresses(ofNode: node)
        for text in ["198.51.100.0/24", "192.0.2.0/24", "2001:db8:51::/64", "2001:db8:52::/64"] {
            let network = try #require(CIDR(text))
            let gateway = try #require(gateways.first { $0.family == network.family })
            _ = try await SuiteLab.run(["ip", "route", "replace", text, "via", "\(gateway)"], in: router)
        }
    }

    // MARK: Questions and answers

    private struct Cell: CustomStringConvertible {
        let client: String
        let shape: ServiceShape
        let question: Question
        let probe: Probe

        var description: String { "\(client) \(question.transport) \(probe.destination) \(probe.port) (\(shape))" }
    }

    private func check(_ lab: Lab, _ services: Services, entry: String, _ when: String) async throws {
        let snapshot = try await lab.snapshot()
        let places = Places(lab.directory.name, lab.topology, pods: snapshot.pods)
        let all = try cells(lab, services, places)
        let entrances = try await lab.entrances(for: all.map(\.question), snapshot.services)
        let judge = snapshot.judge(entrances: entrances)
        var wrong: [(cell: Cell, isAllowed: Bool)] = []
        for cell in all {
            wrong.append((cell, try judge.answer(cell.question).isAllowed))
        }
        #expect(Set(wrong.map(\.isAllowed)) == [false, true], "\(when): one answer for everything proves nothing")
        let prober = Prober(timeout: .milliseconds(700))
        // On a loaded machine the change is still on its way; what is wrong for good stays wrong.
        for round in 0..<12 {
            if round > 0 { try await Task.sleep(for: .seconds(1)) }
            let outcomes = try await prober.run(wrong.map(\.cell.probe))
            wrong = zip(wrong, outcomes).filter { $0.isAllowed != Self.isServed($1) }.map(\.0)
            if wrong.isEmpty { return }
        }
        let first = wrong.prefix(8).map { "\($0.cell) should be \($0.isAllowed ? "answered" : "denied")" }
        #expect(wrong.isEmpty, "\(when), by \(entry): \(wrong.count) differ: \(first.joined(separator: "; "))")
    }

    /// A service that nobody serves refuses as a closed port does.
    private static func isServed(_ outcome: ProbeOutcome) -> Bool {
        outcome == .reached(.connected) || outcome == .reached(.replied)
    }

    private func cells(_ lab: Lab, _ services: Services, _ places: Places) throws -> [Cell] {
        let stranger = "outside/\(try #require(lab.topology.outside.first).name)"
        var cells: [Cell] = []
        for shape in ServiceShape.all {
            for door in services.doors(of: shape) {
                for client in door.isInside ? Self.clients : Self.clients + [stranger] {
                    // Which of several endpoints those inside reach by an address from outside is chance.
                    if shape.isSpread, client != stranger, services.isExternal(door.address) { continue }
                    let place = try #require(places.byName[client])
                    let own = try #require(place.addresses.first { $0.family == door.address.family })
                    let question = Question(
                        from: .party(.address(own)), to: .party(.address(door.address)), transport: door.transport,
                        port: door.port)
                    let probe = Probe(from: place.namespace, to: door.address, door.transport, port: door.port)
                    cells.append(Cell(client: client, shape: shape, question: question, probe: probe))
                }
            }
        }
        return cells
    }

    /// What the API has of services and what they lead to.
    private struct Services {
        private var byName: [String: Service] = [:]
        private var served: [String: Int] = [:]
        private var nodes: [IPAddress] = []
        private var first: [IPAddress] = []

        init(_ lab: Lab) async throws {
            let snapshot = try await lab.snapshot()
            nodes = snapshot.nodes.flatMap(\.internalAddressTexts).compactMap { IPAddress($0) }
            first = snapshot.pods.filter { $0.key.name == "db-1" }.flatMap(\.addressTexts).compactMap { IPAddress($0) }
            let (services, slices) = try await lab.withClient { client in
                (try await client.list(Service.self).items, try await client.list(EndpointSlice.self).items)
            }
            for service in services { byName[service.key.name] = service }
            for slice in slices {
                served[slice.service?.name ?? "", default: 0] += slice.endpoints.filter(\.isReady).count
            }
        }

        func doors(of shape: ServiceShape) -> [ServiceShape.Door] {
            byName[shape.description].map { shape.doors($0, nodes: nodes, pods: first) } ?? []
        }

        /// In both families.
        func hasEndpoints(_ shape: ServiceShape) -> Bool { served[shape.description] == (shape.isSpread ? 4 : 2) }

        func isExternal(_ address: IPAddress) -> Bool {
            ["198.51.100.0/24", "192.0.2.0/24", "2001:db8:51::/64", "2001:db8:52::/64"].contains {
                CIDR($0)?.contains(address) == true
            }
        }
    }
}
