import ClusterAPI
import EgressSelection
import NetworkTypes
import PolicyEngine

extension NodeModel {
    /// Records an attachment; one on the same interface is replaced.
    package mutating func attach(_ attachment: PodAttachment) {
        if let before = attachments[attachment.interface] {
            guard before != attachment else { return }
            detach(interface: before.interface)
        }
        attachments[attachment.interface] = attachment
        hostPorts.add(attachment)
        interfaces[attachment.pod, default: []].insert(attachment.interface)
        engine.watch(attachment.pod)
        refreshEngine(attachment.pod)
        dirtyInterfaces.insert(attachment.interface)
    }

    /// Forgets an attachment; unknown interfaces are fine.
    package mutating func detach(interface: String) {
        guard let attachment = attachments.removeValue(forKey: interface) else { return }
        hostPorts.remove(attachment)
        interfaces[attachment.pod]?.remove(interface)
        if interfaces[attachment.pod]?.isEmpty == true {
            interfaces[attachment.pod] = nil
            engine.unwatch(attachment.pod)
        }
        refreshEngine(attachment.pod)
        dirtyInterfaces.insert(interface)
    }

    /// Shows a local pod to the engine with the addresses that it was given here: they are true before the API knows
    /// them, and what the API says of an unattached pod of this node no longer is.
    mutating func refreshEngine(_ key: ObjectKey) {
        guard var pod = localObjects[key] else { return }
        let own = (interfaces[key] ?? []).compactMap { attachments[$0] }
            .filter { Self.isSame(pod, $0) }
            .sorted { ($0.containerID, $0.interface) < ($1.containerID, $1.interface) }
        let addresses = own.flatMap { $0.addresses.map(\.description) }
        pod.status = PodStatus(phase: pod.status?.phase, podIPs: addresses, hostIP: pod.status?.hostIP)
        let shown = pod
        tell { $0.upsert(shown) }
        egress.upsert(shown)
    }

    mutating func refreshPods(_ changes: inout NodeChanges) {
        for interface in dirtyInterfaces {
            let before = state.pods[interface]
            let now = attachments[interface].map { LocalPod(attachment: $0, admission: admission(of: $0)) }
            guard before != now else { continue }
            state.pods[interface] = now
            changes.pods.insert(interface)
            // First count the new user, then release the old one: a set that both refer to keeps its members.
            if let policy = now?.policy { retain(policy, &changes) }
            if let policy = before?.policy { release(policy, &changes) }
        }
        dirtyInterfaces.removeAll()
    }

    private func admission(of attachment: PodAttachment) -> LocalPod.Admission {
        guard let pod = localObjects[attachment.pod] else {
            return .closed(foreignObjects.contains(attachment.pod) ? .elsewhere : .unknown)
        }
        guard Self.isSame(pod, attachment) else { return .closed(.otherIdentity) }
        guard !pod.hasTerminated else { return .closed(.terminated) }
        guard seenNamespaces.contains(attachment.pod.namespace) else { return .closed(.namespaceUnknown) }
        return .policy(engine.endpointPolicy(for: attachment.pod))
    }

    /// Without a UID on either side the name decides.
    private static func isSame(_ pod: Pod, _ attachment: PodAttachment) -> Bool {
        guard let told = attachment.podUID, let known = pod.metadata.uid else { return true }
        // A static pod's runtime knows the UID of its manifest; the mirror in the API has its own and names that one.
        return told == known || told == pod.metadata.annotations?["kubernetes.io/config.mirror"]
    }
}
