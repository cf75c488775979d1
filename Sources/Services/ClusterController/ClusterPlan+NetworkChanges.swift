import AddressAllocation
import ClusterAPI
import KubernetesClient
import NetworkTypes

extension ClusterPlan {
    /// Does what the NetNamespaces' annotations ask for; what is refused stays as it is and is reported.
    ///
    /// Returns the ids that are given up: they are free only when the moves are done, not when they are planned.
    mutating func planNetworkChanges(_ snapshot: ClusterSnapshot, _ allocator: inout NetIDAllocator) -> Set<VNID> {
        guard let network = snapshot.networks["default"] else { return [] }
        reportMode(network)
        var moves = NetworkMoves(snapshot: snapshot, mode: network.mode)
        for netNamespace in NetworkMoves.inOrder(snapshot.netNamespaces.sorted) {
            let name = netNamespace.key.name
            // A project that is gone takes its request along.
            guard let change = netNamespace.change, snapshot.namespaces.contains(name) else { continue }
            do {
                guard let id = try moves.move(name, change, &allocator) else { continue }
                actions.append(.moveNetNamespace(netNamespace.moved(to: id.value)))
            } catch {
                let text = netNamespace.metadata.annotations?[NetworkChange.annotation] ?? ""
                findings.insert(
                    Finding(
                        .networkChangeRefused,
                        "NetNamespace \(name): \(NetworkChange.annotation)=\(text) is refused: \(error)",
                        about: ObjectReference(to: netNamespace)))
            }
        }
        return moves.left
    }

    private mutating func reportMode(_ network: ClusterNetwork) {
        guard case .unknown(let name) = network.mode else { return }
        findings.insert(
            Finding(
                .unknownNetworkMode,
                "ClusterNetwork default: pluginName '\(name)' is not known: projects are separate, and NetworkPolicies are "
                    + "enforced; use one of \(NetworkMode.pluginNames.prefix(3).joined(separator: ", "))",
                about: ObjectReference(to: network)))
    }
}

/// The moves of one plan: a move may fail, so none relies on another of the same plan.
private struct NetworkMoves {
    let snapshot: ClusterSnapshot
    let mode: NetworkMode
    /// Projects that move, or wait for one that does.
    private var unsettled: Set<String> = []
    private(set) var left: Set<VNID> = []

    init(snapshot: ClusterSnapshot, mode: NetworkMode) {
        self.snapshot = snapshot
        self.mode = mode
    }

    /// Why a change is not made.
    struct Refusal: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) { self.description = description }
    }

    /// By name, but who is joined goes before those who join it.
    ///
    /// In a circle there is no first, and the names decide.
    static func inOrder(_ all: [NetNamespace]) -> [NetNamespace] {
        var waiting = all.filter { $0.change != nil }
        var ordered: [NetNamespace] = []
        while !waiting.isEmpty {
            let names = Set(waiting.map(\.key.name))
            let next = waiting.firstIndex { netNamespace in
                guard case .join(let target)? = netNamespace.change, target != netNamespace.key.name else {
                    return true
                }
                return !names.contains(target)
            }
            ordered.append(waiting.remove(at: next ?? 0))
        }
        return ordered
    }

    /// The id that a project gets; nil while it depends on a move of this plan.
    mutating func move(_ name: String, _ change: NetworkChange, _ allocator: inout NetIDAllocator) throws -> VNID? {
        guard mode == .multitenant else { throw Refusal("in mode \(mode) projects keep their VNIDs") }
        let before = allocator.id(of: name)
        guard let id = try target(of: name, change, &allocator) else {
            unsettled.insert(name)
            return nil
        }
        if name == "default", id != .global { throw Refusal("'default' is there for every project") }
        allocator.markUsed(id, by: name)
        unsettled.insert(name)
        if let before, before != id { left.insert(before) }
        return id
    }

    private func target(
        of name: String, _ change: NetworkChange, _ allocator: inout NetIDAllocator
    ) throws -> VNID? {
        switch change {
        case .unknown: throw Refusal("it must be global, isolate or join:PROJECT")
        case .global: return .global
        case .join(let other):
            guard snapshot.namespaces.contains(other) else { throw Refusal("there is no project '\(other)'") }
            if unsettled.contains(other), other != name { return nil }
            guard let id = allocator.id(of: other) else {
                throw Refusal("project '\(other)' has no VNID; this will be done when it has")
            }
            return id
        case .isolate:
            if name == "default" { throw Refusal("'default' is there for every project") }
            guard let own = allocator.id(of: name), own != .global else { return try fresh(name, &allocator) }
            if allocator.isShared(name) { return try fresh(name, &allocator) }
            // Those who shared it until now are about to leave.
            let isShared = snapshot.netNamespaces.objects.values.contains {
                $0.netid == own.value && $0.key.name != name
            }
            return isShared ? nil : own
        }
    }

    private func fresh(_ name: String, _ allocator: inout NetIDAllocator) throws -> VNID {
        var next = allocator
        next.release(name)
        let id = try next.allocate(for: name, except: left)
        allocator = next
        return id
    }
}
