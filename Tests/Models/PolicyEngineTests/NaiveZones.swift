import ClusterAPI
import NetworkTypes
import PolicyEngine

/// A second reading of `docs/design/zones.md`: each question is answered from the objects, without any of the engine's
/// parts.
struct NaiveZones {
    let world: NaiveSemantics

    /// Whether zones close a pod's side of a connection.
    func closes(
        _ pod: Pod, _ other: NaiveSemantics.End, egress: Bool, _ transport: TransportProtocol, _ port: UInt16?
    ) -> Bool {
        if world.zones.isEmpty { return false }
        guard let here = onlyZone(of: pod) else { return true }
        let there: Zone
        if let otherPod = other.pod {
            guard let zone = onlyZone(of: otherPod) else { return true }
            there = zone
        } else {
            let claiming = hostZones(other.address)
            if let address = other.address, !isOfNode(address), world.tenancy.isInPodRanges(address) { return true }
            if claiming.isEmpty {
                if !world.zones.allSatisfy(isReadable) { return true }
                if here.spec?.external == "Allow" { return false }
                return !(egress && world.told.contains { $0.address == other.address && isNamed($0.name, by: here) })
            }
            if claiming.count > 1 { return true }
            there = claiming[0]
        }
        if there.key == here.key { return false }
        let own = NaiveSemantics.End(pod: pod, nodeName: nil, address: nil)
        return egress
            ? !hasHole(from: here, own, to: there, other, transport, port)
            : !hasHole(from: there, other, to: here, own, transport, port)
    }

    /// One star is one label, two are at least one.
    private func isNamed(_ name: String, by zone: Zone) -> Bool {
        (zone.spec?.externalNames ?? []).contains { text in
            if text.hasPrefix("**.") { return name.hasSuffix(text.dropFirst(2)) }
            guard text.hasPrefix("*.") else { return text == name }
            return name.hasSuffix(text.dropFirst()) && name.dropLast(text.count - 1).allSatisfy { $0 != "." }
        }
    }

    private func hasHole(
        from source: Zone, _ from: NaiveSemantics.End, to target: Zone, _ to: NaiveSemantics.End,
        _ transport: TransportProtocol, _ port: UInt16?
    ) -> Bool {
        (target.spec?.holes ?? []).contains { hole in
            guard isSound(hole), hole.from?.zone == source.key.name else { return false }
            if let end = hole.expires, (world.now ?? "9") >= end { return false }
            return fits(from, hole.from?.namespaceSelector, hole.from?.podSelector)
                && fits(to, hole.to?.namespaceSelector, hole.to?.podSelector)
                && world.portsMatch(hole.ports, target: to.pod, transport, port)
        }
    }

    /// With a selector, only pods fit.
    private func fits(_ end: NaiveSemantics.End, _ namespaces: LabelSelector?, _ pods: LabelSelector?) -> Bool {
        if namespaces == nil, pods == nil { return true }
        guard let pod = end.pod else { return false }
        return world.possibleLabels(pod.metadata.namespace ?? "").allSatisfy { world.labelsMatch(namespaces, $0) }
            && world.labelsMatch(pods, pod.metadata.labels ?? [:])
    }

    private func isSound(_ hole: ZoneSpec.Hole) -> Bool {
        guard let owner = hole.owner, let reason = hole.reason, !owner.isEmpty, !reason.isEmpty else { return false }
        if let end = hole.expires, !end.hasPrefix("2026-") { return false }
        let selectors = [
            hole.from?.namespaceSelector, hole.from?.podSelector, hole.to?.namespaceSelector, hole.to?.podSelector,
        ]
        return selectors.allSatisfy { world.isSound($0) } && world.isSound(nil, hole.ports)
    }

    /// The zone that a pod is in, if that is one, and certain.
    private func onlyZone(of pod: Pod) -> Zone? {
        let possible = world.possibleLabels(pod.metadata.namespace ?? "")
        let zones = world.zones.filter { zone in
            guard let selector = zone.spec?.namespaceSelector, world.isSound(selector) else { return false }
            // Each requirement alone can be met.
            let single =
                (selector.matchLabels ?? [:]).map { LabelSelector(matchLabels: [$0.key: $0.value]) }
                + (selector.matchExpressions ?? []).map { LabelSelector(matchExpressions: [$0]) }
            return single.allSatisfy { one in possible.contains { world.labelsMatch(one, $0) } }
        }
        guard zones.count == 1, possible.allSatisfy({ world.labelsMatch(zones[0].spec?.namespaceSelector, $0) }) else {
            return nil
        }
        return zones[0]
    }

    private func hostZones(_ address: IPAddress?) -> [Zone] {
        guard let address else { return [] }
        let labels = world.nodes.filter { node in
            (node.status?.addresses ?? []).contains { IPAddress($0.address) == address }
        }.map { $0.metadata.labels ?? [:] }
        let byNode = world.zones.filter { zone in
            guard let selector = zone.spec?.nodeSelector, world.isSound(selector) else { return false }
            return labels.contains { world.labelsMatch(selector, $0) }
        }
        if !byNode.isEmpty { return byNode }
        return world.zones.filter { zone in
            (zone.spec?.cidrs ?? []).contains { CIDR($0) != nil && world.blockMatches(IPBlock(cidr: $0), address) }
        }
    }

    /// Of one that a zone selects.
    private func isOfNode(_ address: IPAddress) -> Bool {
        world.nodes.contains { node in
            (node.status?.addresses ?? []).contains { IPAddress($0.address) == address }
                && world.zones.contains { zone in
                    guard let selector = zone.spec?.nodeSelector, world.isSound(selector) else { return false }
                    return world.labelsMatch(selector, node.metadata.labels ?? [:])
                }
        }
    }

    private func isReadable(_ zone: Zone) -> Bool {
        guard let spec = zone.spec else { return false }
        return world.isSound(spec.namespaceSelector) && world.isSound(spec.nodeSelector)
            && (spec.cidrs ?? []).allSatisfy { CIDR($0) != nil }
    }
}
