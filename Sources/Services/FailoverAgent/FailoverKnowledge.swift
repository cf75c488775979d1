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

    mutating func apply(_ event: CacheEvent<FailoverGroup>) {
        Self.apply(event, to: &groups, \.key.name)
        // A server without the kind has no objects of it.
        switch event {
        case .replaced, .missing: knowsGroups = true
        default: break
        }
    }

    mutating func apply(_ event: CacheEvent<Node>) {
        Self.apply(event, to: &nodes, \.key.name)
        if case .replaced = event { knowsNodes = true }
    }

    mutating func apply(_ event: CacheEvent<EndpointSlice>) {
        Self.apply(event, to: &slices, \.key)
        if case .replaced = event { knowsSlices = true }
    }

    /// What cannot be read stays as it was: an address must not move because of it.
    private static func apply<Object: APIObject, Key>(
        _ event: CacheEvent<Object>, to known: inout [Key: Object], _ key: (Object) -> Key
    ) {
        switch event {
        case .replaced(let objects, let unreadable):
            let doubtful = Set(unreadable.map(\.key))
            let kept = known.values.filter { doubtful.contains($0.key) }
            known = Dictionary((kept + objects).map { (key($0), $0) }) { _, last in last }
        case .upserted(let object): known[key(object)] = object
        case .deleted(let object): known[key(object)] = nil
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
