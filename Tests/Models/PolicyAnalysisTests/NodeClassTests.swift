import ClusterAPI
import NetworkTypes
import PolicyAnalysis
import PolicyEngine
import Testing

/// Nodes that policies tell apart by their labels.
@Suite struct NodeClassTests {
    /// Namespace x with pod a on a node of its own, a master and a worker, and node addresses of every type.
    private static func cluster(_ policies: AnyPolicy..., zones: [Zone] = []) -> (engine: PolicyEngine, nodes: [Node]) {
        var engine = PolicyEngine()
        let nodes = [("master", 1), ("worker", 2), ("home", 3)].map { role, host in
            Node(
                metadata: ObjectMeta(name: role, labels: ["role": role]),
                status: NodeStatus(addresses: [
                    NodeAddress(type: "InternalIP", address: "192.168.0.\(host)"),
                    NodeAddress(type: "Hostname", address: "203.0.113.\(host)"),
                ]))
        }
        for node in nodes { engine.upsert(node) }
        engine.upsert(Namespace(metadata: ObjectMeta(name: "x", labels: ["ns": "x"])))
        engine.upsert(
            Pod(
                metadata: ObjectMeta(name: "a", namespace: "x", labels: ["pod": "a"]),
                spec: PodSpec(nodeName: "home", containers: []),
                status: PodStatus(phase: "Running", podIPs: ["10.0.0.1"])))
        for policy in policies { policy.enter(&engine) }
        for zone in zones { engine.upsert(zone) }
        return (engine, nodes)
    }

    private static func role(_ role: String) -> LabelSelector { LabelSelector(matchLabels: ["role": role]) }

    private static let closed = anp("masters", egress: [to("Deny", ClusterPolicyPeer(nodes: role("master")))])
    private static let a = Party.pod(ObjectKey(namespace: "x", name: "a"))

    /// What passes from x/a to an address that is a member.
    private static func passes(_ world: (engine: PolicyEngine, nodes: [Node]), to text: String) throws -> Bool {
        let matrix = ConnectivityMatrix(ClusterParties(world.engine, nodes: world.nodes))
        let address = try #require(IPAddress(text))
        let (from, to) = (try #require(matrix.index(of: a)), try #require(matrix.index(of: .address(address))))
        return matrix[from, to]?.allowedInAll == .all
    }

    @Test("a Deny to nodes with a label closes those and no others")
    func deny() throws {
        let world = Self.cluster(Self.closed)
        #expect(try !Self.passes(world, to: "192.168.0.1"))
        #expect(try Self.passes(world, to: "192.168.0.2"))
    }

    @Test("a Deny to nodes closes what of their addresses looks like outside, too")
    func otherAddresses() throws {
        let world = Self.cluster(Self.closed)
        #expect(try !Self.passes(world, to: "203.0.113.1"))
    }

    @Test("a change that opens the way to some nodes is a change, and names them")
    func difference() throws {
        let diff = ConnectivityDiff(old: Self.cluster(Self.closed), new: Self.cluster())
        #expect(Set(diff.changes.map(\.effect)) == [.appears])
        let names = diff.changes.map { diff.name(of: $0.groups.to) }
        #expect(names.contains { $0.contains("node master") } && !names.contains { $0.contains("worker") })
    }

    @Test("zones with other nodes are reached by other holes")
    func zones() throws {
        let hole = ZoneSpec.Hole(from: ZoneSpec.Source(zone: "inner"), owner: "net team", reason: "needed")
        var inner = Zone(name: "inner", spec: ZoneSpec(order: 1))
        inner.spec?.namespaceSelector = namespace("x")
        var masters = Zone(name: "masters", spec: ZoneSpec(order: 0))
        masters.spec?.nodeSelector = Self.role("master")
        var workers = Zone(name: "workers", spec: ZoneSpec(order: 0))
        workers.spec?.nodeSelector = Self.role("worker")
        workers.spec?.holes = [hole]
        let world = Self.cluster(zones: [inner, masters, workers])
        #expect(try !Self.passes(world, to: "192.168.0.1"))
        #expect(try Self.passes(world, to: "192.168.0.2"))
    }
}
