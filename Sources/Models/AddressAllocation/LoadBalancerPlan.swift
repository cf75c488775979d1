package import ClusterAPI
package import NetworkTypes

/// Which addresses services of type LoadBalancer have, out of the pools of ExternalIPPolicies.
///
/// What a service has it keeps until somebody rejects it or it chooses another, so that a plan depends on what the services say and on nothing
/// else. Free addresses go to the oldest services first.
package struct LoadBalancerPlan {
    /// The `loadBalancerClass` that means these pools, beside others who give addresses.
    package static let className = "gabion.io/external-ip"

    package struct Outcome: Hashable, Sendable {
        /// In the order of the service's families.
        package var addresses: [IPAddress] = []
        /// Why it has not all that it wants.
        package var problem: String?
    }

    /// Of every service that these pools are meant for; services of others have none.
    package private(set) var outcomes: [ObjectKey: Outcome] = [:]

    private let rules: ExternalIPRules
    /// True where nobody else gives addresses to load balancers.
    private let isAlone: Bool
    private var taken: Set<IPAddress>
    private var cursors: [AddressCursor]

    /// - Parameter nodes: the addresses of nodes, which no service is given.
    package init(_ services: some Collection<Service>, rules: ExternalIPRules, nodes: Set<IPAddress>, isAlone: Bool) {
        self.rules = rules
        self.isAlone = isAlone
        taken = nodes
        cursors = rules.pools.map { AddressCursor($0.usable) }
        var ours: [Service] = []
        for service in services {
            taken.formUnion(service.externalAddresses)
            if isOurs(service) {
                ours.append(service)
            } else {
                taken.formUnion(service.balancerAddresses)
                if isLeftover(service) { outcomes[service.key] = Outcome() }
            }
        }
        ours.sort { ($0.metadata.creationTimestamp ?? "", $0.key) < ($1.metadata.creationTimestamp ?? "", $1.key) }
        for service in ours { keep(service) }
        for service in ours { choose(service) }
        for service in ours { fill(service) }
    }

    private func isOurs(_ service: Service) -> Bool {
        guard service.spec?.type == "LoadBalancer", service.metadata.deletionTimestamp == nil else { return false }
        switch service.spec?.loadBalancerClass {
        case Self.className: return true
        case nil, "":
            if isAlone { return true }
            let ingress = service.status?.loadBalancer?.ingress ?? []
            return !rules.pools.isEmpty
                && (ingress.isEmpty || service.balancerAddresses.contains(where: rules.isPooled))
        default: return false
        }
    }

    /// True for addresses that stayed when the service became of another type.
    private func isLeftover(_ service: Service) -> Bool {
        guard service.spec?.type != "LoadBalancer", service.metadata.deletionTimestamp == nil else { return false }
        let ingress = service.status?.loadBalancer?.ingress ?? []
        return !ingress.isEmpty && (isAlone || service.balancerAddresses.contains(where: rules.isPooled))
    }

    private mutating func keep(_ service: Service) {
        var outcome = Outcome()
        for family in service.addressFamilies {
            let current = service.balancerAddresses.first { $0.family == family }
            guard let current, rules.rejection(of: current) == nil, !taken.contains(current) else { continue }
            outcome.addresses.append(current)
        }
        taken.formUnion(outcome.addresses)
        outcomes[service.key] = outcome
    }

    /// What it chose takes the place of what it has; while that cannot be, it keeps that.
    private mutating func choose(_ service: Service) {
        guard let text = service.spec?.loadBalancerIP, !text.isEmpty, var outcome = outcomes[service.key] else {
            return
        }
        let address = IPAddress(text)
        if let address, outcome.addresses.contains(address) { return }
        if let problem = problem(choosing: address, service.addressFamilies) {
            outcome.problem = "spec.loadBalancerIP: \(text) cannot be given: \(problem)"
        } else if let address {
            outcome.addresses.removeAll { $0.family == address.family }
            outcome.addresses.append(address)
            taken.insert(address)
        }
        outcomes[service.key] = outcome
    }

    private func problem(choosing address: IPAddress?, _ families: [IPAddress.Family]) -> String? {
        guard let address else { return "it is no address" }
        guard families.contains(address.family) else { return "the service has no addresses of its family" }
        if let reason = rules.rejection(of: address) { return reason }
        if taken.contains(address) { return "a node or another service has it" }
        return rules.reason(againstGiven: address)
    }

    /// True for a family that has an address, or whose address was chosen in vain: no other is given in its place.
    private func hasSettled(_ family: IPAddress.Family, _ outcome: Outcome, _ service: Service) -> Bool {
        if outcome.addresses.contains(where: { $0.family == family }) { return true }
        guard let text = service.spec?.loadBalancerIP, !text.isEmpty else { return false }
        return (IPAddress(text)?.family ?? family) == family
    }

    /// Gives a service what it lacks.
    private mutating func fill(_ service: Service) {
        guard var outcome = outcomes[service.key] else { return }
        let families = service.addressFamilies
        var missing: [IPAddress.Family] = []
        for family in families where !hasSettled(family, outcome, service) {
            guard let address = draw(family) else {
                missing.append(family)
                continue
            }
            outcome.addresses.append(address)
            taken.insert(address)
        }
        let needsAll = service.spec?.ipFamilyPolicy == "RequireDualStack"
        if outcome.problem == nil, let family = missing.first, needsAll || outcome.addresses.isEmpty {
            let name = family == .v4 ? "IPv4" : "IPv6"
            let hasPool = rules.pools.contains { $0.range.family == family }
            outcome.problem =
                hasPool
                ? "no address of \(name) is free in autoAssignCIDRs of the ExternalIPPolicies"
                : "no ExternalIPPolicy has autoAssignCIDRs of \(name)"
        }
        outcome.addresses.sort { (families.firstIndex(of: $0.family) ?? 0) < (families.firstIndex(of: $1.family) ?? 0) }
        outcomes[service.key] = outcome
    }

    private mutating func draw(_ family: IPAddress.Family) -> IPAddress? {
        for index in cursors.indices where rules.pools[index].range.family == family {
            if let address = cursors[index].draw(isTaken: taken.contains) { return address }
        }
        return nil
    }
}

extension Service {
    /// Those that its load balancer is reached at.
    package var balancerAddresses: [IPAddress] {
        (status?.loadBalancer?.ingress ?? []).compactMap { $0.ip.flatMap { IPAddress($0) } }
    }

    /// Those that it chose for `spec.externalIPs`.
    package var externalAddresses: [IPAddress] { (spec?.externalIPs ?? []).compactMap { IPAddress($0) } }

    fileprivate var addressFamilies: [IPAddress.Family] {
        let families = (spec?.ipFamilies ?? []).compactMap { name -> IPAddress.Family? in
            ["IPv4": .v4, "IPv6": .v6][name]
        }
        return families.isEmpty ? [.v4] : families
    }
}
