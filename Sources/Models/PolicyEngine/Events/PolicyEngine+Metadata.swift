import APIMachinery
package import ClusterAPI
import NetworkTypes

/// Who may reach the cloud's metadata addresses.
extension PolicyEngine {
    package mutating func upsert(_ access: MetadataAccess) {
        put(PolicyReference(.metadataAccess, access.key), .metadata(access.spec)) { _ in CompiledPolicy(access) }
    }

    package mutating func removeMetadataAccess(_ name: String) {
        remove(PolicyReference(.metadataAccess, ObjectKey(namespace: "", name: name)))
    }

    /// Whether a MetadataAccess certainly selects a pod.
    func readsMetadata(_ record: PodRecord) -> Bool {
        record.policies.contains { slot in
            guard policies[slot]?.outline.tier == .metadata, policies[slot]?.diagnostics.isEmpty == true else {
                return false
            }
            return !isDoubted(slot, record)
        }
    }

    /// What keeps a pod from an address of the cloud's metadata; nil where that is open.
    func metadataDenial(
        _ direction: Direction, _ record: PodRecord, _ other: Endpoint, _ transport: TransportProtocol, _ port: UInt16?
    ) -> RuleID? {
        guard direction == .egress, MetadataGuard.closes(other.address, transport, port), !readsMetadata(record),
            let address = other.address
        else { return nil }
        return .metadataGuard(record.facts.key, address)
    }
}

extension CompiledPolicy {
    /// No rules: being selected is all there is to it, and one with an error opens nothing.
    fileprivate init(_ access: MetadataAccess) {
        place = PolicyPlace(tier: .metadata, priority: 0, policy: PolicyReference(.metadataAccess, access.key))
        subject = access.spec?.subject.understood ?? PolicySubject(namespaces: .named(""), pods: LabelSelector())
        ingress = nil
        egress = nil
        diagnostics = MetadataAccessRules.errors(in: access).map { error in
            PolicyDiagnostic(
                kind: .metadataAccess, policy: access.key, path: error.field, message: error.body,
                consequence: "it opens nothing")
        }
    }
}
