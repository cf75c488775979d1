import NodeModel
import PolicyEngine
import ServiceModel

extension NodeAgent {
    package func status() -> AgentStatus {
        var status = AgentStatus(node: configuration.nodeName)
        status.reason = unreadyReason
        status.isReady = status.reason == nil
        status.subnets = model.state.node?.subnets ?? []
        status.podMTU = model.state.node?.podMTU
        status.attachments = model.currentAttachments.count
        status.closed = model.state.pods.values.compactMap { pod in
            guard case .closed(let reason) = pod.admission else { return nil }
            return "\(pod.attachment.pod): \(reason.rawValue)"
        }.sorted()
        status.remoteNodes = model.state.remoteNodes.count
        status.counters = counters
        status.drops = drops
        status.flowLosses = flowLosses
        status.lastFailure = lastFailure
        status.disconnected = disconnected.map { "\($0.key.rawValue): \($0.value)" }.sorted()
        status.problems =
            model.state.problems + model.serviceProblems + model.egressProblems
            + unreadable.map { "\($0.key): \($0.value)" }.sorted()
            + failedInterfaces.map { "interface \($0.key): \($0.value)" }.sorted() + healthProblems
            + nameFailures.map { "names: \($0)" }
        status.stagedPolicies = model.staging.count
        for diagnostic in model.state.diagnostics + model.staging.diagnostics {
            // NetworkPolicies by namespace and name, as ever; the others with their kind.
            let name = diagnostic.kind == .networkPolicy ? "\(diagnostic.policy)" : "\(diagnostic.reference)"
            status.invalidPolicies[name, default: []].append("\(diagnostic.path): \(diagnostic.message)")
        }
        return status
    }

    /// What decides about a new pod and is not heard of at the moment; nil when all of it is.
    ///
    /// Pods that run keep their rules; a new one would start under policies of the past.
    var blindness: String? {
        let deciding: [WatchedKind] = [
            .pods, .namespaces, .networkPolicies, .adminNetworkPolicies, .baselineAdminNetworkPolicies,
            .clusterNetworkPolicies, .egressFirewalls, .egressNetworkPolicies, .metadataAccesses, .clusterNetworks,
            .netNamespaces, .zones, .egressIPs,
        ]
        let deaf = deciding.compactMap { kind in disconnected[kind].map { (kind: kind.rawValue, reason: $0) } }
        guard let first = deaf.first else { return nil }
        if deaf.count == deciding.count { return "no contact with the API: \(first.reason)" }
        // One reason stands for all: `AgentStatus.disconnected` has each.
        return "no contact with the API about \(deaf.map(\.kind).joined(separator: ", ")): \(first.reason)"
    }

    /// Nil when pods can be attached.
    var unreadyReason: String? {
        let missing = WatchedKind.enforced.filter { !synced.contains($0) }
        if !missing.isEmpty {
            let names = missing.map { kind in disconnected[kind].map { "\(kind.rawValue) (\($0))" } ?? kind.rawValue }
            return "not yet read from the API: " + names.joined(separator: ", ")
        }
        if model.state.node == nil {
            return "node \(configuration.nodeName) has no subnet yet: its HostSubnet is missing, or names no address"
        }
        if let lastFailure { return "the kernel refused a change: \(lastFailure)" }
        return applied == nil ? "the first rules are not in the kernel yet" : blindness
    }
}
