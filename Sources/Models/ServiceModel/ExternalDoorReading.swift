import AddressAllocation
import ClusterAPI
import NetworkTypes

/// An address from outside at which a service is reached.
struct ExternalDoor {
    let address: IPAddress
    /// Whose connections are taken, ascending; nil: everybody's.
    let sourceRanges: [CIDR]?
}

/// The addresses from outside that a service has, without those that nobody allows.
struct ExternalDoorReading {
    private(set) var doors: [ExternalDoor] = []
    /// What is left out, and why.
    private(set) var problems: [String] = []

    init(_ service: Service, _ families: [IPAddress.Family], _ rules: ExternalIPRules) {
        // Without an address in the cluster there is nothing to lead to, as in kube-proxy.
        guard !families.isEmpty else { return }
        let given = givenTexts(service)
        for text in service.spec?.externalIPs ?? [] {
            add(text, "spec.externalIPs", families, nil, rules.reason(against:))
        }
        guard !given.isEmpty else { return }
        let ranges = sourceRanges(service.spec?.loadBalancerSourceRanges ?? [])
        for text in given {
            add(text, "status.loadBalancer.ingress", families, ranges, rules.reason(againstGiven:))
        }
    }

    /// What is left of another type in the object is no address; with the mode Proxy, packets are for the nodes' own.
    private func givenTexts(_ service: Service) -> [String] {
        guard service.spec?.type == "LoadBalancer" else { return [] }
        return (service.status?.loadBalancer?.ingress ?? []).compactMap { $0.ipMode == "Proxy" ? nil : $0.ip }
    }

    private mutating func add(
        _ text: String, _ field: String, _ families: [IPAddress.Family], _ ranges: [CIDR]?,
        _ reason: (IPAddress) -> String?
    ) {
        guard let address = IPAddress(text) else {
            problems.append("\(field) has '\(text)', which is no address: left out")
            return
        }
        guard families.contains(address.family) else {
            problems.append("\(field): \(address) is of a family that the service does not have: left out")
            return
        }
        if let reason = reason(address) {
            problems.append("\(field): no node takes traffic for \(address): \(reason)")
            return
        }
        doors.append(ExternalDoor(address: address, sourceRanges: ranges?.filter { $0.family == address.family }))
    }

    /// Nil if everybody may come.
    ///
    /// A network that cannot be read lets nobody in.
    private mutating func sourceRanges(_ texts: [String]) -> [CIDR]? {
        guard !texts.isEmpty else { return nil }
        var ranges: Set<CIDR> = []
        for text in texts {
            guard let range = CIDR(text.filter { $0 != " " }) else {
                problems.append("spec.loadBalancerSourceRanges has '\(text)', which is no network: it lets nobody in")
                continue
            }
            ranges.insert(range)
        }
        return ranges.sorted()
    }
}
