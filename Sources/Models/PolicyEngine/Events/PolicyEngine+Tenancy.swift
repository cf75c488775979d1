package import ClusterAPI
import NetworkTypes

/// The mode of the network, and the projects' networks: `docs/design/tenancy.md`.
extension PolicyEngine {
    /// Which of the upper tiers hold.
    package var mode: NetworkMode { tenancy.mode }

    /// Only the object named `default` counts.
    package mutating func upsert(_ network: ClusterNetwork) {
        guard network.key.name == "default" else { return }
        let ranges = network.entries.compactMap { CIDR($0.cidr) }.map { AddressBlock(network: $0, holes: []) }
        describe(network.mode, Set(ranges).sorted())
    }

    package mutating func removeClusterNetwork(_ name: String) {
        if name == "default" { describe(.networkPolicy, []) }
    }

    /// One that contradicts itself, or has an id that cannot be, is as good as none.
    package mutating func upsert(_ netNamespace: NetNamespace) {
        let name = netNamespace.key.name
        var problem: String?
        if VNID(netNamespace.netid) == nil { problem = "netid \(netNamespace.netid) is above \(VNID.last)" }
        if netNamespace.netname != name { problem = "netname '\(netNamespace.netname)' is not the object's name" }
        setID(problem == nil ? VNID(netNamespace.netid) : nil, of: name, problem)
    }

    package mutating func removeNetNamespace(_ name: String) { setID(nil, of: name, nil) }

    private mutating func describe(_ mode: NetworkMode, _ ranges: [AddressBlock]) {
        let before = tenancy
        guard before.mode != mode || before.ranges != ranges else { return }
        partyChanges &+= 1
        tenancy.mode = mode
        tenancy.ranges = ranges
        if before.mode.enforcesNetworkPolicies != mode.enforcesNetworkPolicies {
            for (reference, slot) in policySlots where reference.kind == .networkPolicy {
                stalePods.formUnion(policies[slot]?.selected ?? [])
            }
        }
        for network in before.networks { separate(network) }
        if before.ranges != ranges {
            if !zones.isEmpty { applyZones() }
            limitEgressEverywhere()
        }
        diagnosticsMayDiffer = true
    }

    private mutating func setID(_ id: VNID?, of project: String, _ problem: String?) {
        if tenancy.invalid[project] != problem {
            tenancy.invalid[project] = problem
            diagnosticsMayDiffer = true
        }
        guard let namespace = namespaces[project] else {
            tenancy.setID(id, of: project)
            return
        }
        let before = tenancy.network(of: project)
        tenancy.remove(project)
        tenancy.setID(id, of: project)
        tenancy.add(project)
        let after = tenancy.network(of: project)
        guard before != after else { return }
        partyChanges &+= 1
        separate(after)
        setScopes(matchingScopes(project), of: project)
        for pod in namespace.pods { refresh(pod) }
        separate(before)
    }

    /// A namespace has come to be known.
    mutating func enterNetwork(_ project: String) {
        tenancy.add(project)
        separate(tenancy.network(of: project))
    }

    /// Nothing is left of a namespace.
    mutating func leaveNetwork(_ project: String) {
        let network = tenancy.network(of: project)
        tenancy.remove(project)
        separate(network)
    }

    /// Brings the policy of a network in line with the mode and the members.
    private mutating func separate(_ network: ProjectNetwork) {
        let reference = PolicyReference(network)
        if tenancy.mode.separatesProjects, network != .global, !tenancy.members(of: network).isEmpty {
            let ranges = tenancy.ranges
            put(reference, .tenancy(network, ranges)) { _ in CompiledPolicy(network, ranges: ranges) }
        } else {
            remove(reference)
        }
        if case .unknown = network { diagnosticsMayDiffer = true }
    }
}

extension PolicyEngine {
    /// Whether the mode leaves a tier its say.
    func isEnforced(_ tier: Tier) -> Bool { tier != .networkPolicy || tenancy.mode.enforcesNetworkPolicies }

    /// What the mode and the projects' ids leave to be desired.
    var tenancyDiagnostics: [PolicyDiagnostic] {
        var diagnostics = tenancy.invalid.map { name, problem in
            diagnostic(of: name, problem)
        }
        let network = ObjectKey(namespace: "", name: "default")
        if case .unknown(let name) = tenancy.mode {
            diagnostics.append(
                PolicyDiagnostic(
                    kind: .clusterNetwork, policy: network, path: "pluginName",
                    message: "'\(name)' is none of \(NetworkMode.pluginNames.joined(separator: ", "))",
                    consequence: "projects are separate, and NetworkPolicies are enforced"))
        }
        let ignored = isEnforced(.networkPolicy) ? 0 : policySlots.keys.count { $0.kind == .networkPolicy }
        if ignored > 0 {
            diagnostics.append(
                PolicyDiagnostic(
                    kind: .clusterNetwork, policy: network, path: "pluginName",
                    message: "mode \(tenancy.mode) does not enforce NetworkPolicies",
                    consequence: "\(ignored) \(ignored == 1 ? "NetworkPolicy has" : "NetworkPolicies have") no effect"))
        }
        // In a live cluster the controller will give it one.
        if input == .complete, tenancy.mode.separatesProjects {
            for case .unknown(let project) in tenancy.networks where tenancy.invalid[project] == nil {
                diagnostics.append(diagnostic(of: project, "there is none, so the project has no VNID"))
            }
        }
        return diagnostics
    }

    private func diagnostic(of project: String, _ message: String) -> PolicyDiagnostic {
        PolicyDiagnostic(
            kind: .netNamespace, policy: ObjectKey(namespace: "", name: project), path: "netid", message: message,
            consequence: "in multitenant mode the project is closed to all others")
    }

    /// The rule that separates two ends, with their names.
    func separation(_ network: ProjectNetwork, of pod: PodRecord, and other: Endpoint, _ direction: Direction) -> RuleID
    {
        let own = TenancyRuleID.End.project(
            pod.facts.key.namespace, tenancy.network(of: pod.facts.key.namespace))
        let peer: TenancyRuleID.End
        if case .pod(let slot) = other.kind, let key = pods[slot]?.facts.key {
            peer = .project(key.namespace, tenancy.network(of: key.namespace))
        } else if let address = other.address {
            peer = .address(address)
        } else {
            return .tenancy(TenancyRuleID(network))
        }
        let ends =
            direction == .egress
            ? TenancyRuleID.Ends(from: own, to: peer) : TenancyRuleID.Ends(from: peer, to: own)
        return .tenancy(TenancyRuleID(network, ends))
    }
}
