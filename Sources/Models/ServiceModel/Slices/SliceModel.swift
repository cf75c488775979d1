package import ClusterAPI

/// Services, their pods and the slices that exist: which slices have to change.
///
/// A value. The endpoints that it plans depend on what exists, never on the order or number of the events that led to
/// it; a plan costs what changed.
package struct SliceModel: Sendable {
    var services: [ObjectKey: Service] = [:]
    var pods = LabelledPods()
    private var selectors = SelectorIndex()
    var nodes: [String: SliceNode] = [:]
    var endpoints: [ObjectKey: Endpoints] = [:]
    private var slices = ServiceSlices()
    private var dirty: Set<ObjectKey> = []

    package init() {}

    // MARK: Events

    package mutating func upsert(_ service: Service) {
        let old = services.updateValue(service, forKey: service.key)
        guard old != service else { return }
        selectors.set(service.spec?.selector ?? [:], of: service.key, replacing: old?.spec?.selector)
        dirty.insert(service.key)
    }

    package mutating func removeService(_ key: ObjectKey) {
        guard let old = services.removeValue(forKey: key) else { return }
        selectors.set([:], of: key, replacing: old.spec?.selector)
        dirty.insert(key)
    }

    package mutating func upsert(_ pod: Pod) { setPod(SlicePod(pod), at: pod.key) }

    package mutating func removePod(_ key: ObjectKey) { setPod(nil, at: key) }

    private mutating func setPod(_ pod: SlicePod?, at key: ObjectKey) {
        let old = pods.set(pod, at: key)
        guard old != pod else { return }
        for state in [old, pod] {
            if let state { dirty.formUnion(selectors.services(selecting: state.labels, in: key.namespace)) }
        }
    }

    package mutating func upsert(_ node: Node) { setNode(SliceNode(node), node.key.name) }

    package mutating func removeNode(_ name: String) { setNode(nil, name) }

    private mutating func setNode(_ node: SliceNode?, _ name: String) {
        guard nodes[name] != node else { return }
        nodes[name] = node
        // Zones and addresses of nodes hardly ever change.
        dirty.formUnion(services.keys)
    }

    /// As with slices, what is older than what is known is no news.
    package mutating func upsert(_ object: Endpoints) {
        let old = endpoints[object.key]
        if let old, object.isOlder(than: old) { return }
        if endpoints.updateValue(object, forKey: object.key) != object { dirty.insert(object.key) }
    }

    package mutating func removeEndpoints(_ key: ObjectKey) {
        if endpoints.removeValue(forKey: key) != nil { dirty.insert(key) }
    }

    /// What is older than what is known already, as a watch tells it after our own write, changes nothing.
    package mutating func upsert(_ slice: EndpointSlice) { dirty.formUnion(slices.upsert(slice)) }

    package mutating func removeEndpointSlice(_ key: ObjectKey) { dirty.formUnion(slices.remove(key)) }

    /// The plan for it was not carried out: it is to be made again.
    package mutating func retry(_ service: ObjectKey) { dirty.insert(service) }

    // MARK: Results

    /// What has to be done for services that something changed for, at most `limit` of them.
    package mutating func plan(limit: Int = .max) -> [ObjectKey: [SliceAction]] {
        var plans: [ObjectKey: [SliceAction]] = [:]
        while plans.count < limit, let key = dirty.popFirst() {
            let actions = sliceActions(for: key) + endpointsActions(for: key)
            if !actions.isEmpty { plans[key] = actions }
        }
        return plans
    }

    /// True when nothing waits to be planned.
    package var isSettled: Bool { dirty.isEmpty }

    private func sliceActions(for key: ObjectKey) -> [SliceAction] {
        let selecting = slices.slices(of: key, by: SliceKeeper.selecting)
        let mirrored = slices.slices(of: key, by: SliceKeeper.mirroring)
        // The slices of a service that is gone go with it: the server collects them.
        guard let service = services[key], service.metadata.deletionTimestamp == nil else { return [] }
        let selector = service.spec?.selector ?? [:]
        guard !service.isExternalName, !selector.isEmpty else {
            let leftovers = selecting.map(SliceAction.delete)
            guard !service.isExternalName, let object = endpoints[key], object.isMirrored else {
                return leftovers + mirrored.map(SliceAction.delete)
            }
            return leftovers
                + SlicePlanner(keeper: SliceKeeper(mirroring: object))
                .actions(for: DesiredSlices(mirroring: object), existing: mirrored)
        }
        let desired = DesiredSlices(
            of: service, pods: pods.selected(by: selector, in: key.namespace), nodes: nodes)
        return SlicePlanner(keeper: SliceKeeper(selectingFor: service)).actions(for: desired, existing: selecting)
            + mirrored.map(SliceAction.delete)
    }
}

extension Endpoints {
    /// False where the writer asked for no slices or is ourselves, and for the old locks of leader elections.
    fileprivate var isMirrored: Bool {
        !isOurs && metadata.labels?[Self.skipMirrorLabel] != "true"
            && metadata.annotations?["control-plane.alpha.kubernetes.io/leader"] == nil
            && metadata.deletionTimestamp == nil
    }
}
