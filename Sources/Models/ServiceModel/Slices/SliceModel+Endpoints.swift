import ClusterAPI

extension SliceModel {
    /// What has to be done for the Endpoints object that says what the slices of a service say.
    ///
    /// It is the one thing here that is not owned: who owns an object would show it in tools that know it without.
    func endpointsActions(for key: ObjectKey) -> [SliceAction] {
        let existing = endpoints[key]
        guard existing?.metadata.deletionTimestamp == nil else { return [] }
        let service = services[key]
        // Until it is gone, a service that ends keeps what it has.
        guard service?.metadata.deletionTimestamp == nil else { return [] }
        guard let service, !service.isExternalName, let selector = service.spec?.selector, !selector.isEmpty else {
            return existing.map { $0.isOurs ? [.deleteEndpoints($0)] : [] } ?? []
        }
        let pods = pods.selected(by: selector, in: key.namespace)
        let wanted = Endpoints(
            for: service, DesiredEndpoints(of: service, pods: pods, nodes: nodes), replacing: existing)
        guard let existing else { return [.createEndpoints(wanted)] }
        let isRight =
            (existing.subsets ?? []) == (wanted.subsets ?? []) && existing.metadata == wanted.metadata
        return isRight ? [] : [.updateEndpoints(wanted)]
    }
}

extension Endpoints {
    private static let keeper = "endpoints-controller.gabion.io"

    /// True for an object that goes with a service, and that nobody mirrors: its slices are there.
    var isOurs: Bool { metadata.labels?[Self.keeperLabel] == Self.keeper }

    fileprivate init(for service: Service, _ desired: DesiredEndpoints, replacing existing: Endpoints?) {
        var metadata = existing?.metadata ?? ObjectMeta(name: service.key.name, namespace: service.key.namespace)
        var labels = service.metadata.labels ?? [:]
        labels[EndpointSlice.headlessLabel] = service.isHeadless ? "" : nil
        labels[Self.keeperLabel] = Self.keeper
        metadata.labels = labels
        var annotations = metadata.annotations ?? [:]
        annotations[Self.overCapacity] = desired.isTruncated ? "truncated" : nil
        metadata.annotations = annotations.isEmpty ? nil : annotations
        self.init(metadata: metadata, subsets: desired.subsets.isEmpty ? nil : desired.subsets)
    }
}
