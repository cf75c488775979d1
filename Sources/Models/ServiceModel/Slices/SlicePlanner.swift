package import ClusterAPI

/// One change to the slices of a service, or to the Endpoints object that says the same.
package enum SliceAction: Hashable, Sendable {
    /// The server names it.
    case create(EndpointSlice)
    /// If it is still this version.
    case update(EndpointSlice)
    case delete(EndpointSlice)
    case createEndpoints(Endpoints)
    /// If it is still this version.
    case updateEndpoints(Endpoints)
    case deleteEndpoints(Endpoints)
}

/// Brings slices to hold the desired endpoints with few writes: an endpoint stays in its slice, new ones fill the slices
/// that change anyway, then others with room, before there is another slice.
struct SlicePlanner {
    /// As in Kubernetes: a change of one endpoint is sent to every node with at most 99 others.
    static let capacity = 100

    let keeper: SliceKeeper

    private struct Draft {
        let slice: EndpointSlice?
        let shape: SliceShape
        var endpoints: [SliceEndpoint]

        var isChanged: Bool { slice?.endpoints != endpoints }
        var room: Int { capacity - endpoints.count }
    }

    /// `existing` in an order that is always the same.
    func actions(for desired: DesiredSlices, existing: [EndpointSlice]) -> [SliceAction] {
        var waiting = desired.endpoints.mapValues { list in
            Dictionary(list.map { (EndpointIdentity($0), $0) }) { first, _ in first }
        }
        var drafts: [Draft] = []
        var spare: [EndpointSlice] = []
        for slice in existing where keeper.owns(slice) {
            let shape = SliceShape(of: slice)
            guard waiting[shape] != nil else {
                spare.append(slice)
                continue
            }
            // Taking each out leaves what is new, and drops what stands in two slices.
            let kept = slice.endpoints.compactMap { waiting[shape]?.removeValue(forKey: EndpointIdentity($0)) }
            drafts.append(Draft(slice: slice, shape: shape, endpoints: kept))
        }
        for (shape, rest) in waiting.sorted(by: { $0.key < $1.key }) where !rest.isEmpty {
            let sorted = rest.values.sorted { $0.addresses.lexicographicallyPrecedes($1.addresses) }
            place(sorted, shape, &drafts, &spare)
        }
        spare += drafts.filter(\.endpoints.isEmpty).compactMap(\.slice)
        drafts.removeAll(where: \.endpoints.isEmpty)
        for type in desired.addressTypes where !drafts.contains(where: { $0.shape.addressType == type }) {
            drafts.append(Draft(slice: Self.take(type, &spare), shape: SliceShape(type, []), endpoints: []))
        }
        return drafts.compactMap(action) + spare.map(SliceAction.delete)
    }

    private func place(
        _ endpoints: [SliceEndpoint], _ shape: SliceShape, _ drafts: inout [Draft], _ spare: inout [EndpointSlice]
    ) {
        var rest = endpoints[...]
        while !rest.isEmpty {
            let index = Self.best(for: rest.count, shape, drafts)
            if index == nil {
                drafts.append(Draft(slice: Self.take(shape.addressType, &spare), shape: shape, endpoints: []))
            }
            let target = index ?? drafts.count - 1
            let part = rest.prefix(drafts[target].room)
            drafts[target].endpoints += part
            rest = rest.dropFirst(part.count)
        }
    }

    /// The slice to fill next: one that changes anyway, else one that takes all, else any; the fullest of those.
    private static func best(for count: Int, _ shape: SliceShape, _ drafts: [Draft]) -> Int? {
        let open = drafts.indices.filter { drafts[$0].shape == shape && drafts[$0].room > 0 }
        let changed = open.filter { drafts[$0].isChanged }
        let roomy = open.filter { drafts[$0].room >= count }
        return (changed.isEmpty ? (roomy.isEmpty ? open : roomy) : changed).min { drafts[$0].room < drafts[$1].room }
    }

    /// A slice that is not needed any more, for another content of its address type.
    private static func take(_ type: String, _ spare: inout [EndpointSlice]) -> EndpointSlice? {
        spare.firstIndex { $0.addressType == type }.map { spare.remove(at: $0) }
    }

    private func action(_ draft: Draft) -> SliceAction? {
        let wanted = keeper.slice(draft.slice, draft.shape, draft.endpoints)
        guard let slice = draft.slice else { return .create(wanted) }
        let isRight = !draft.isChanged && SliceShape(of: slice) == draft.shape && keeper.marks(slice)
        return isRight ? nil : .update(wanted)
    }
}
