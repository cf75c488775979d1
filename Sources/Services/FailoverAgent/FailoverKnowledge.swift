import ClusterAPI
import FailoverModel
import KubernetesClient

/// What the API says that failover is about.
struct FailoverKnowledge {
    private(set) var groups: [String: FailoverGroup] = [:]
    private(set) var nodes: [String: Node] = [:]
    private var slices: [ObjectKey: EndpointSlice] = [:]
    private var knowsGroups = false
    private var knowsNodes = false
    private var knowsSlices = false

    var isComplete: Bool { knowsGroups && knowsNodes }

    var plan: FailoverPlan { FailoverPlan(groups.values, nodes: Array(nodes.values)) }

    /// What cannot be read stays as it was: an address must not move because of it.
    mutating func apply(_ event: CacheEvent<FailoverGroup>) {
        switch event {
        case .replaced(let objects, let unreadable):
            let kept = unreadable.compactMap { groups[$0.key.name] }
            groups = Dictionary((kept + objects).map { ($0.key.name, $0) }) { _, last in last }
            knowsGroups = true
        case .upserted(let group): groups[group.key.name] = group
        case .deleted(let group): groups[group.key.name] = nil
        // A server without the kind has no objects of it.
        case .missing: knowsGroups = true
        case .unreadable, .disconnected, .resumed: break
        }
    }

    mutating func apply(_ event: CacheEvent<Node>) {
        switch event {
        case .replaced(let objects, let unreadable):
            let kept = unreadable.compactMap { nodes[$0.key.name] }
            nodes = Dictionary((kept + objects).map { ($0.key.name, $0) }) { _, last in last }
            knowsNodes = true
        case .upserted(let node): nodes[node.key.name] = node
        case .deleted(let node): nodes[node.key.name] = nil
        case .unreadable, .disconnected, .missing, .resumed: break
        }
    }

    mutating func apply(_ event: CacheEvent<EndpointSlice>) {
        switch event {
        case .replaced(let objects, let unreadable):
            let kept = unreadable.compactMap { slices[$0.key] }
            slices = Dictionary((kept + objects).map { ($0.key, $0) }) { _, last in last }
            knowsSlices = true
        case .upserted(let slice): slices[slice.key] = slice
        case .deleted(let slice): slices[slice.key] = nil
        case .unreadable, .disconnected, .missing, .resumed: break
        }
    }

    mutating func remember(_ group: FailoverGroup) {
        if groups[group.key.name] != nil { groups[group.key.name] = group }
    }

    /// True when a node has an endpoint of a service that takes new connections; nil while endpoints are not known.
    func isReady(_ service: ObjectKey, on node: String) -> Bool? {
        guard knowsSlices else { return nil }
        return slices.values.contains { slice in
            slice.service == service && slice.endpoints.contains { $0.isReady && $0.nodeName == node }
        }
    }
}
