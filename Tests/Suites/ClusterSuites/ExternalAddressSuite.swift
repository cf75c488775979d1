import ClusterAPI
import Lab
import LinuxSystem
import NetworkTypes
import TestSupport
import Testing

/// A service's addresses from outside: routed to a node that does not hold them, and held by one.
@Suite("Addresses from outside across nodes", .requiresRoot, .serialized, .timeLimit(.minutes(5)))
struct ExternalAddressSuite {
    private static let external = ["198.51.100.7", "2001:db8:51::7"]

    private static let policy: JSONValue = [
        "apiVersion": "gabion.io/v1", "kind": "ExternalIPPolicy", "metadata": ["name": "office"],
        "spec": ["allowedCIDRs": ["198.51.100.0/24", "2001:db8:51::/64"]],
    ]

    /// Its endpoint is `db` on node-1, by the controller's slices.
    private static func service(_ traffic: String) -> JSONValue {
        [
            "apiVersion": "v1", "kind": "Service", "metadata": ["name": "db", "namespace": "shop"],
            "spec": [
                "type": "NodePort", "ipFamilyPolicy": "RequireDualStack", "selector": ["app": "db"],
                "externalIPs": .array(external.map(JSONValue.string)), "externalTrafficPolicy": .string(traffic),
                "ports": [["port": 80, "targetPort": 8080, "protocol": "TCP"]],
            ],
        ]
    }

    @Test(
        "clients everywhere reach them as policies allow, Local keeps the client's address, and no policy closes them")
    func doors() async throws {
        var topology = LabTopology.standard(ipv6: true)
        topology.serviceNetwork = "172.30.0.0/16,fd99::/112"
        let pods = [
            SuiteLab.pod("db", node: "node-1"), SuiteLab.pod("near", in: "front", node: "node-1"),
            SuiteLab.pod("far", in: "front", node: "node-2"),
        ]
        try await SuiteLab.with(topology, objects: pods + [Self.policy]) { lab in
            try await lab.apply([Self.service("Cluster")])
            try await lead(lab, to: "node-2")
            try await check(lab, outside: { $0.two }, one: { $0.one })
            // From here on node-1 holds them, and its processes ask from the address that they ask for.
            try await lead(lab, to: "node-1", isHeld: true)
            try await check(lab, outside: { $0.stranger }, one: { $0.target })
            try await lab.apply([Self.service("Local")])
            try await check(lab, outside: { $0.stranger }, one: { $0.target })
            try await lead(lab, to: "node-2")
            try await check(lab, outside: { _ in nil }, one: { $0.target })
            // Policies see pods at these doors too.
            let far: JSONValue = ["namespaceSelector": [:], "podSelector": ["matchLabels": ["app": "far"]]]
            try await lab.apply([SuiteLab.policy("far", spec: ["podSelector": [:], "ingress": [["from": [far]]]])])
            for end in try await ends(lab) {
                try await expect(lab, "front/near", nil, end)
                try await expect(lab, "front/far", end.far, end)
            }
            try await lab.delete([Self.policy])
            for end in try await ends(lab) { try await expect(lab, "front/far", nil, end) }
        }
    }

    /// The router sends the addresses to one node.
    private func lead(_ lab: Lab, to node: String, isHeld: Bool = false) async throws {
        let router = NamespaceReference.named(lab.directory.name.routerNamespace)
        let place = try await lab.namespace(of: "node/\(node)")
        for text in Self.external {
            let address = try #require(IPAddress(text))
            let gateway = try #require(
                lab.topology.addresses(ofNode: node).first { $0.family == address.family })
            let host = "\(address)/\(address.family.bitWidth)"
            _ = try await SuiteLab.run(["ip", "route", "replace", host, "via", "\(gateway)"], in: router)
            if isHeld { _ = try await SuiteLab.run(["ip", "address", "add", host, "dev", "lo"], in: place) }
        }
    }

    private func check(_ lab: Lab, outside: (Ends) -> IPAddress?, one: (Ends) -> IPAddress) async throws {
        for end in try await ends(lab) {
            try await expect(lab, end.outside, outside(end), end)
            try await expect(lab, "front/near", end.near, end)
            try await expect(lab, "front/far", end.far, end)
            try await expect(lab, "node/node-1", one(end), end)
            try await expect(lab, "node/node-2", end.two, end)
        }
    }

    private func expect(_ lab: Lab, _ client: String, _ seen: IPAddress?, _ end: Ends) async throws {
        let place = try await lab.namespace(of: client)
        let what = "\(client) at \(end.target) is seen as \(seen.map(\.description) ?? "nobody")"
        try await eventually(what, within: .seconds(15)) {
            try ServiceSuite.peer(of: place, at: end.target, 80) == seen
        }
    }

    /// Who is who in one family.
    private struct Ends {
        let target: IPAddress
        let outside: String
        let stranger: IPAddress
        let one: IPAddress
        let two: IPAddress
        let near: IPAddress
        let far: IPAddress
    }

    private func ends(_ lab: Lab) async throws -> [Ends] {
        let pods = try await lab.snapshot().pods
        let host = try #require(lab.topology.outside.first)
        return try Self.external.map { text in
            let target = try #require(IPAddress(text))
            func own(_ addresses: [IPAddress]) throws -> IPAddress {
                try #require(addresses.first { $0.family == target.family })
            }
            func pod(_ key: String) throws -> IPAddress {
                try own(pods.filter { "\($0.key)" == key }.flatMap(\.addressTexts).compactMap { IPAddress($0) })
            }
            return Ends(
                target: target, outside: "outside/\(host.name)", stranger: try own(host.addresses),
                one: try own(lab.topology.addresses(ofNode: "node-1")),
                two: try own(lab.topology.addresses(ofNode: "node-2")), near: try pod("front/near"),
                far: try pod("front/far"))
        }
    }
}
