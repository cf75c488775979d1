import ClusterAPI
import Lab
import LinuxSystem
import NetworkTypes
import TestSupport
import Testing

@Suite("Services across nodes", .requiresRoot, .serialized, .timeLimit(.minutes(5)))
struct ServiceSuite {
    private static let cluster = ["172.30.0.99", "fd99::99"]
    private static let nodePort: UInt16 = 30099

    /// Without a selector, so that the slices are nobody's but the test's.
    private static let service: JSONValue = [
        "apiVersion": "v1", "kind": "Service", "metadata": ["name": "db", "namespace": "shop"],
        "spec": [
            "type": "NodePort", "clusterIP": .string(cluster[0]), "clusterIPs": .array(cluster.map(JSONValue.string)),
            "ipFamilies": ["IPv4", "IPv6"], "ipFamilyPolicy": "RequireDualStack",
            "ports": [["port": 80, "targetPort": 8080, "nodePort": .int(Int64(nodePort)), "protocol": "TCP"]],
        ],
    ]

    private static func slice(_ family: IPAddress.Family, _ addresses: [IPAddress]) -> JSONValue {
        let endpoints = addresses.map { address -> JSONValue in
            [
                "addresses": [.string(address.description)], "nodeName": "node-1",
                "conditions": ["ready": true, "serving": true, "terminating": false],
            ]
        }
        return [
            "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": .string("IP\(family)"),
            "metadata": [
                "name": .string("db-\(family)"), "namespace": "shop",
                "labels": ["kubernetes.io/service-name": "db"],
            ],
            "endpoints": .array(endpoints), "ports": [["name": "", "port": 8080, "protocol": "TCP"]],
        ]
    }

    @Test("every client reaches the service at every door, and is seen as itself, or as the node that led it on")
    func doors() async throws {
        var topology = LabTopology.standard(ipv6: true)
        topology.serviceNetwork = "172.30.0.0/16,fd99::/112"
        let pods = [
            SuiteLab.pod("db", node: "node-1"), SuiteLab.pod("near", in: "front", node: "node-1"),
            SuiteLab.pod("far", in: "front", node: "node-2"),
        ]
        try await SuiteLab.with(topology, objects: pods) { lab in
            var objects = [Self.service]
            var ends: [Ends] = []
            for (index, family) in IPAddress.Family.allCases.enumerated() {
                let end = try await Ends(lab, family, service: Self.cluster[index])
                objects.append(Self.slice(family, [end.database]))
                ends.append(end)
            }
            try await lab.apply(objects)
            for end in ends {
                for cell in end.cells {
                    let place = try await lab.namespace(of: cell.client)
                    try await eventually("\(cell)", within: .seconds(10)) {
                        let peer = try Self.peer(of: place, at: cell.target, cell.port)
                        return peer == cell.seen
                    }
                }
            }
            try await judged(lab, ends)
        }
    }

    /// Policies see pods behind every door: the one that they allow, and the one that they do not.
    private func judged(_ lab: Lab, _ ends: [Ends]) async throws {
        let far: JSONValue = ["namespaceSelector": [:], "podSelector": ["matchLabels": ["app": "far"]]]
        try await lab.apply([
            SuiteLab.policy("only-far", spec: ["podSelector": [:], "ingress": [["from": [far]]]])
        ])
        for cell in ends.flatMap(\.cells) where cell.client.hasPrefix("front/") {
            let place = try await lab.namespace(of: cell.client)
            let seen = cell.client == "front/far" ? cell.seen : nil
            try await eventually("with a policy: \(cell)", within: .seconds(30)) {
                let peer = try Self.peer(of: place, at: cell.target, cell.port)
                return peer == seen
            }
        }
    }

    /// Whom the responder says that it speaks with; nil in silence, or if the connection is refused.
    static func peer(of place: NamespaceReference, at target: IPAddress, _ port: UInt16) throws -> IPAddress? {
        try withNetworkNamespace(place) {
            let socket = try Socket(.tcp, target.family)
            if try !socket.connect(to: SocketAddress(target, port: port)) {
                let limit = Duration.seconds(2)
                guard try Readiness.wait(socket.descriptor, for: .writable, timeout: limit),
                    socket.pendingError() == nil
                else { return nil }
            }
            guard try Readiness.wait(socket.descriptor, for: .readable, timeout: .seconds(2)),
                let bytes = try socket.receive()
            else { return nil }
            let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
            guard let peer = words.last, let colon = peer.lastIndex(of: ":") else { return nil }
            return IPAddress(String(peer[..<colon].filter { $0 != "[" && $0 != "]" }))
        }
    }

    /// Who is who in one family, and whom the service's pod must see.
    private struct Ends {
        struct Cell: CustomStringConvertible {
            let client: String
            let target: IPAddress
            let port: UInt16
            let seen: IPAddress

            var description: String { "\(client) at \(target) \(port) is seen as \(seen)" }
        }

        let database: IPAddress
        let cells: [Cell]

        init(_ lab: Lab, _ family: IPAddress.Family, service: String) async throws {
            var pods: [String: IPAddress] = [:]
            for pod in try await lab.snapshot().pods {
                pods["\(pod.key)"] = pod.addressTexts.compactMap { IPAddress($0) }.first { $0.family == family }
            }
            let outside = try #require(lab.topology.outside.first)
            let internet = try #require(outside.addresses.first { $0.family == family })
            let one = try #require(lab.topology.addresses(ofNode: "node-1").first { $0.family == family })
            let two = try #require(lab.topology.addresses(ofNode: "node-2").first { $0.family == family })
            let address = try #require(IPAddress(service))
            database = try #require(pods["shop/db"])
            var cells: [Cell] = []
            for client in ["front/near", "front/far"] {
                let seen = try #require(pods[client])
                for (target, port) in [(address, 80), (one, nodePort), (two, nodePort)] as [(IPAddress, UInt16)] {
                    cells.append(Cell(client: client, target: target, port: port, seen: seen))
                }
            }
            let stranger = "outside/\(outside.name)"
            cells += [
                Cell(client: "node/node-1", target: address, port: 80, seen: one),
                Cell(client: "node/node-2", target: address, port: 80, seen: two),
                Cell(client: "node/node-1", target: two, port: nodePort, seen: two),
                Cell(client: "node/node-2", target: one, port: nodePort, seen: two),
                Cell(client: stranger, target: one, port: nodePort, seen: internet),
                Cell(client: stranger, target: two, port: nodePort, seen: two),
            ]
            self.cells = cells
        }
    }
}
