package import ClusterAPI
package import NetworkTypes

/// Which pods of the cluster leave it with which source addresses, and who holds these.
///
/// An address is active when exactly one owner asks for it and exactly one node is to hold it. A pod that is selected and has no
/// active address may send nothing out: it never leaves as its node. Events only record; `settle` brings the answers up to date at
/// the cost of what changed.
package struct EgressSelection: Sendable {
    var requests: [EgressOwner: EgressRequest] = [:]
    /// Of those that choose their pods by labels: EgressIPs and zones.
    var scopes: [EgressOwner: EgressScope] = [:]
    var askers: [IPAddress: Set<EgressOwner>] = [:]
    /// By name of the node: what it is to hold.
    var holdings: [String: Set<IPAddress>] = [:]
    var holders: [IPAddress: Set<String>] = [:]
    var namespaces: [String: [String: String]] = [:]
    /// The pods that can be selected.
    var pods: [ObjectKey: SeenPod] = [:]
    var podsByNamespace: [String: Set<ObjectKey>] = [:]
    /// The owners whose scope has a namespace, as far as somebody asked since the last change.
    var candidates: [String: [EgressOwner]] = [:]

    var answers: [ObjectKey: PodEgress] = [:]
    var podsByOwner: [EgressOwner: Set<ObjectKey>] = [:]
    var dirtyPods: Set<ObjectKey> = []
    var dirtyAddresses: Set<IPAddress> = []

    package init() {}

    /// How a pod leaves; nil if it is not selected.
    ///
    /// Up to date after `settle`.
    package subscript(_ pod: ObjectKey) -> PodEgress? { answers[pod] }

    /// The addresses of a pod as it was heard of last.
    package func addresses(of pod: ObjectKey) -> [IPAddress] { pods[pod]?.addresses ?? [] }

    /// All pods that are selected.
    package var selected: Dictionary<ObjectKey, PodEgress>.Keys { answers.keys }

    /// Brings the answers up to date; returns the pods that were or are selected and about which something was heard.
    package mutating func settle() -> Set<ObjectKey> {
        for owner in Set(dirtyAddresses.flatMap { askers[$0] ?? [] }) { dirtyPods.formUnion(podsByOwner[owner] ?? []) }
        dirtyAddresses.removeAll()
        var changed: Set<ObjectKey> = []
        for pod in dirtyPods {
            let before = answers[pod]
            let now = answer(pod)
            guard before != nil || now != nil else { continue }
            changed.insert(pod)
            guard before != now else { continue }
            answers[pod] = now
            guard before?.owner != now?.owner else { continue }
            if let owner = before?.owner { remove(pod, from: owner) }
            if let owner = now?.owner { podsByOwner[owner, default: []].insert(pod) }
        }
        dirtyPods.removeAll()
        return changed
    }

    private mutating func remove(_ pod: ObjectKey, from owner: EgressOwner) {
        podsByOwner[owner]?.remove(pod)
        if podsByOwner[owner]?.isEmpty == true { podsByOwner[owner] = nil }
    }

    private mutating func answer(_ pod: ObjectKey) -> PodEgress? {
        guard let labels = pods[pod]?.labels, let owner = owner(of: pod, labels) else { return nil }
        let active = (requests[owner]?.addresses ?? []).compactMap { address -> PodEgress.HeldAddress? in
            guard askers[address]?.count == 1, let nodes = holders[address], nodes.count == 1 else { return nil }
            return nodes.first.map { PodEgress.HeldAddress(address: address, holder: $0) }
        }
        return PodEgress(owner: owner, active: active)
    }

    private mutating func owner(of pod: ObjectKey, _ labels: [String: String]) -> EgressOwner? {
        let own = EgressOwner.netNamespace(pod.namespace)
        if requests[own] != nil { return own }
        return owners(selecting: pod.namespace).first { scopes[$0]?.pods.matches(labels) == true }
    }

    /// Ascending; none while the namespace is not known.
    private mutating func owners(selecting namespace: String) -> [EgressOwner] {
        if let known = candidates[namespace] { return known }
        guard let labels = namespaces[namespace] else { return [] }
        let found = scopes.filter { $0.value.namespaces.matches(labels) }.keys.sorted()
        candidates[namespace] = found
        return found
    }
}

/// What of a pod matters here.
struct SeenPod {
    let labels: [String: String]
    let addresses: [IPAddress]
}
