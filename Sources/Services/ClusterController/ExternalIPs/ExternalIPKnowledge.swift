import AddressAllocation
import ClusterAPI
import NetworkTypes

/// What external IPs depend on, as the API has it.
struct ExternalIPKnowledge {
    var services = ServiceMirror()
    var policies = Mirror<ExternalIPPolicy>.unknown
    var networks = Mirror<ClusterNetwork>.unknown
    var nodes = Mirror<Node>.unknown

    var isComplete: Bool { services.isComplete && policies.isComplete && networks.isComplete && nodes.isComplete }

    var rules: ExternalIPRules {
        let reserved = networks.sorted.flatMap { network in
            network.entries.compactMap { CIDR($0.cidr) } + network.serviceNetworkTexts.compactMap { CIDR($0) }
        }
        return ExternalIPRules(policies.sorted, unreadable: policies.unreadable.keys.sorted(), reserved: reserved)
    }

    func plan(_ rules: ExternalIPRules, isAlone: Bool) -> LoadBalancerPlan {
        let texts = nodes.sorted.flatMap { $0.internalAddressTexts + $0.externalAddressTexts }
        return LoadBalancerPlan(
            services.values, rules: rules, nodes: Set(texts.compactMap { IPAddress($0) }), isAlone: isAlone)
    }

    /// What is wrong with external IPs that services chose before a policy said so, or without admission.
    func complaints(_ rules: ExternalIPRules) -> [ObjectKey: String] {
        services.objects.compactMapValues { service in
            let refused = service.externalAddresses.compactMap { address in
                rules.reason(against: address).map { "\(address) may not be used: \($0)" }
            }
            return refused.isEmpty ? nil : "spec.externalIPs: " + refused.joined(separator: "; ")
        }
    }

    /// The statuses that policies are to have, and have not.
    func statuses(
        _ rules: ExternalIPRules, at now: Timestamp
    ) -> [(policy: String, status: ExternalIPPolicyStatus)] {
        let given = services.values.filter { $0.spec?.type == "LoadBalancer" }.flatMap(\.balancerAddresses)
        return policies.sorted.compactMap { policy in
            let name = policy.key.name
            let ranges = rules.pools.filter { $0.policy == name }.map(\.range)
            let ready = ObjectCondition(
                "Ready", problems: rules.problems[name] ?? [], reasons: ("Understood", "NotUnderstood"),
                fine: "the policy holds as it is written", earlier: policy.status?.conditions,
                generation: policy.metadata.generation, at: now)
            let status = ExternalIPPolicyStatus(
                conditions: [ready],
                assigned: given.count { address in ranges.contains { $0.contains(address) } })
            return status == policy.status ? nil : (name, status)
        }
    }
}

extension ExternalIPPolicyStatus {
    /// As a merge patch has it.
    var document: JSONValue {
        [
            "assigned": .int(Int64(assigned ?? 0)),
            "conditions": .array((conditions ?? []).map(\.document)),
        ]
    }
}
