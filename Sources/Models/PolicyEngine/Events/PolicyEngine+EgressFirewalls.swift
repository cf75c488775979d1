package import ClusterAPI

/// What the pods of a namespace may reach outside: `docs/design/egress-firewall.md`.
extension PolicyEngine {
    package mutating func upsert(_ firewall: EgressFirewall) { put(EgressFirewallForm(firewall)) }

    package mutating func upsert(_ policy: EgressNetworkPolicy) { put(EgressFirewallForm(policy)) }

    package mutating func removeEgressFirewall(_ key: ObjectKey) { removeEgress(PolicyReference(.egressFirewall, key)) }

    package mutating func removeEgressNetworkPolicy(_ key: ObjectKey) {
        removeEgress(PolicyReference(.egressNetworkPolicy, key))
    }

    private mutating func put(_ form: EgressFirewallForm) {
        egressFirewalls[form.reference.key.namespace, default: [:]][form.reference] = form
        limitEgress(of: form.reference.key.namespace)
    }

    private mutating func removeEgress(_ reference: PolicyReference) {
        let namespace = reference.key.namespace
        guard egressFirewalls[namespace]?.removeValue(forKey: reference) != nil else { return }
        if egressFirewalls[namespace]?.isEmpty == true { egressFirewalls[namespace] = nil }
        remove(reference)
        limitEgress(of: namespace)
    }

    /// The pods' ranges are others.
    mutating func limitEgressEverywhere() {
        for namespace in egressFirewalls.keys { limitEgress(of: namespace) }
    }

    /// What one object means depends on whether it is the only one.
    private mutating func limitEgress(of namespace: String) {
        let forms = egressFirewalls[namespace] ?? [:]
        let ranges = tenancy.ranges
        for (reference, form) in forms {
            let rivals = forms.keys.filter { $0 != reference }.sorted()
            put(reference, .egress(form, rivals, ranges)) { _ in
                CompiledPolicy(form, rivals: rivals, ranges: ranges)
            }
        }
    }
}
