import AddressAllocation
import ClusterAPI

/// Which address families a Service has, from what it says and what the cluster has.
struct ServiceFamilies {
    let ranges: [ServiceAddressRange]

    private static let field = "spec.ipFamilyPolicy"

    private func has(_ family: String) -> Bool { ranges.contains { $0.familyName == family } }

    /// Settles `ipFamilyPolicy` and `ipFamilies`, and lets go of a second address that the policy gives up.
    ///
    /// Returns why it cannot be done.
    func settle(_ service: inout ServiceParts, replacing earlier: ServiceParts?) -> [FieldError] {
        guard service.needsAddress, !isAsBefore(service, earlier) else { return [] }
        // Endpoints that somebody else writes may be of any family.
        let isOpen = service.isHeadless && !service.hasSelector
        if service.familyPolicy == nil {
            service.familyPolicy = earlier?.familyPolicy ?? (isOpen ? "RequireDualStack" : "SingleStack")
        }
        if service.familyPolicy == "SingleStack", let earlier { release(&service, earlier) }
        var failures = singleStackErrors(service)
        failures += inferFamilies(&service)
        guard failures.isEmpty else { return failures }
        if !isOpen { failures = clusterErrors(service) }
        guard failures.isEmpty else { return failures }
        if service.families.isEmpty, let first = ranges.first { service.families = [first.familyName] }
        if service.familyPolicy != "SingleStack", service.families.count == 1 {
            let second = service.families[0] == "IPv4" ? "IPv6" : "IPv4"
            if isOpen || has(second) { service.families.append(second) }
        }
        return []
    }

    /// A service gains or loses a family only when it is asked to, not when the cluster changes.
    private func isAsBefore(_ service: ServiceParts, _ earlier: ServiceParts?) -> Bool {
        guard let earlier, earlier.needsAddress, service.familyPolicy != nil, !service.families.isEmpty else {
            return false
        }
        return service.familyPolicy == earlier.familyPolicy && service.families == earlier.families
            && service.clusterIPs == earlier.clusterIPs && !service.clusterIPs.isEmpty
    }

    private func release(_ service: inout ServiceParts, _ earlier: ServiceParts) {
        if service.clusterIPs.count > 1, service.clusterIPs == earlier.clusterIPs {
            service.clusterIPs = Array(service.clusterIPs.prefix(1))
        }
        if service.families.count > 1, service.families == earlier.families {
            service.families = Array(service.families.prefix(1))
        }
    }

    private func singleStackErrors(_ service: ServiceParts) -> [FieldError] {
        guard service.familyPolicy == "SingleStack" else { return [] }
        let counts = [("cluster IPs", service.clusterIPs.count), ("IP families", service.families.count)]
        return counts.filter { $0.1 > 1 }.map {
            .invalid(
                Self.field, "SingleStack",
                "must be 'RequireDualStack' or 'PreferDualStack' when multiple \($0.0) are specified")
        }
    }

    /// Addresses that are given say which families are meant.
    private func inferFamilies(_ service: inout ServiceParts) -> [FieldError] {
        guard !service.isHeadless else { return [] }
        var failures: [FieldError] = []
        var families = service.families
        for (index, address) in service.clusterIPs.enumerated() where index >= families.count {
            let family = ServiceParts.family(of: address)
            if !has(family) {
                failures.append(
                    .invalid(
                        "spec.clusterIPs[\(index)]", service["clusterIPs"] ?? [],
                        "\(family) is not configured on this cluster"))
            }
            families.append(family)
        }
        service.families = families
        return failures
    }

    private func clusterErrors(_ service: ServiceParts) -> [FieldError] {
        var failures: [FieldError] = []
        if service.familyPolicy == "RequireDualStack", ranges.count < 2 {
            failures.append(
                .invalid(Self.field, "RequireDualStack", "this cluster is not configured for dual-stack services"))
        }
        for (index, family) in service.families.enumerated() where !has(family) {
            failures.append(
                .invalid("spec.ipFamilies[\(index)]", .string(family), "not configured on this cluster"))
        }
        return failures
    }
}
