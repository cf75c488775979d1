package import APIMachinery
package import ClusterAPI
import NetworkTypes
package import PolicyEngine

/// The zones of a cluster, the ways between them, and what is wrong with them.
package struct ZoneReport: Sendable {
    package struct Member: Hashable, Sendable {
        package let name: String
        package let order: Int?
        package let isOpenToOutside: Bool
        package let namespaces: String
        package let podCount: Int
        package let nodes: [String]
        package let cidrs: [String]
    }

    package struct Hole: Hashable, Sendable {
        package let zone: String
        package let name: String
        package let from: String
        package let source: String
        package let target: String
        package let ports: String
        package let owner: String
        package let reason: String
        package let expires: String?
        package let state: ZoneHoleState

        package var isOpen: Bool {
            if case .open = state { true } else { false }
        }
    }

    package let time: APITime
    /// From outside to inside.
    package let zones: [Member]
    package let holes: [Hole]
    package let conflicts: [(conflict: ZoneConflict, pods: [ObjectKey])]
    /// Nodes that two zones claim, with their names.
    package let sharedNodes: [(node: String, zones: [String])]
    package let diagnostics: [PolicyDiagnostic]

    package init(_ world: ZoneWorld) {
        let engine = world.engine
        time = world.time
        zones = world.zones.map { zone, _ in Self.member(zone, world) }
        holes = world.zones.flatMap { zone, _ in
            (zone.spec?.holes ?? []).enumerated().map { Self.hole($1, $0, of: zone, engine) }
        }
        conflicts = engine.zoneConflicts
        sharedNodes = world.nodes.compactMap { node in
            let zones = engine.zones(ofNode: node.key.name)
            return zones.count > 1 ? (node.key.name, zones) : nil
        }
        diagnostics = engine.diagnostics.filter { $0.kind == .zone }
    }

    /// Whether something is an error: a person has to act.
    package var hasErrors: Bool { !conflicts.isEmpty || !sharedNodes.isEmpty || !diagnostics.isEmpty }

    /// The open holes from one zone into another.
    package func openHoles(from source: String, to target: String) -> [Hole] {
        holes.filter { $0.from == source && $0.zone == target && $0.isOpen }
    }

    private static func member(_ zone: Zone, _ world: ZoneWorld) -> Member {
        let name = zone.key.name
        return Member(
            name: name, order: zone.spec?.order, isOpenToOutside: world.engine.isOpenToOutside(name),
            namespaces: zone.spec?.namespaceSelector.map(\.description) ?? "none",
            podCount: world.livingPods.count { world.engine.zones(ofNamespace: $0.key.namespace) == [name] },
            nodes: world.nodes.map(\.key.name).filter { world.engine.zones(ofNode: $0).contains(name) },
            cidrs: zone.spec?.cidrs ?? [])
    }

    private static func hole(_ hole: ZoneSpec.Hole, _ index: Int, of zone: Zone, _ engine: PolicyEngine) -> Hole {
        Hole(
            zone: zone.key.name, name: hole.name ?? "holes[\(index)]", from: hole.from?.zone ?? "",
            source: members(hole.from?.namespaceSelector, hole.from?.podSelector),
            target: members(hole.to?.namespaceSelector, hole.to?.podSelector), ports: ports(hole.ports ?? []),
            owner: hole.owner ?? "", reason: hole.reason ?? "", expires: hole.expires,
            state: engine.hole(index, of: zone.key.name))
    }

    private static func members(_ namespaces: LabelSelector?, _ pods: LabelSelector?) -> String {
        if namespaces == nil, pods == nil { return "all members" }
        let pods = pods.map { $0.isEmpty ? "all pods" : "pods \($0)" } ?? "all pods"
        return namespaces.map { "\(pods) of namespaces \($0)" } ?? pods
    }

    private static func ports(_ ports: [NetworkPolicyPort]) -> String {
        if ports.isEmpty { return "every protocol and port" }
        return ports.map { port in
            let transport = port.protocol ?? "TCP"
            return switch port.port {
            case nil: transport
            case .string(let name): "\(transport) \(name)"
            case .int(let first): "\(transport) \(first)" + (port.endPort.map { "-\($0)" } ?? "")
            }
        }.joined(separator: ", ")
    }
}
