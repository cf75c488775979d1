import ClusterAPI
import NetworkTypes

extension ServiceRules {
    static func addressErrors(_ service: ServiceParts) -> [FieldError] {
        let field = "spec.clusterIPs"
        let list = service["clusterIPs"] ?? []
        let addresses = service.clusterIPs
        var errors: [FieldError] = []
        if !service.needsAddress {
            return addresses.isEmpty ? [] : [.forbidden(field, "may not be set for ExternalName services")]
        }
        if service.isHeadless {
            if service.isExternal {
                errors.append(
                    .invalid("\(field)[0]", "None", "may not be set to 'None' for \(service.type) services"))
            }
            if addresses.count > 1 {
                errors.append(.invalid(field, list, "'None' must be the first and only value"))
            }
            return errors
        }
        for (index, text) in addresses.enumerated() { errors += AddressRules.address(text, "\(field)[\(index)]") }
        if let first = addresses.first, let address = service["clusterIP"], address.string != first {
            errors.append(.invalid("\(field)[0]", .string(first), "first value must match `clusterIP`"))
        }
        guard errors.isEmpty else { return errors }
        if addresses.count > 2 { errors.append(.invalid(field, list, "may only hold up to 2 values")) }
        if addresses.count > 1, Set(addresses.map(ServiceParts.family)).count < 2 {
            errors.append(.invalid(field, list, "may specify no more than one IP for each IP family"))
        }
        for (index, (address, family)) in zip(addresses, service.families).enumerated()
        where families.contains(family) && ServiceParts.family(of: address) != family {
            errors.append(
                .invalid(
                    "\(field)[\(index)]", .string(address),
                    "expected an \(family) value as indicated by `ipFamilies[\(index)]`"))
        }
        return errors
    }

    /// What whoever balances the load says of itself.
    static func balancerErrors(_ object: JSONValue) -> [FieldError] {
        (object["status"]?["loadBalancer"]?["ingress"]?.array ?? []).enumerated().flatMap { index, entry in
            let text = entry["ip"]?.string ?? ""
            return text.isEmpty ? [] : AddressRules.address(text, "status.loadBalancer.ingress[\(index)].ip")
        }
    }

    static func familyErrors(_ service: ServiceParts) -> [FieldError] {
        let given = service.families
        guard service.needsAddress else {
            let reason = "may not be set for ExternalName services"
            return (given.isEmpty ? [] : [.forbidden("spec.ipFamilies", reason)])
                + (service.familyPolicy == nil ? [] : [.forbidden("spec.ipFamilyPolicy", reason)])
        }
        var errors: [FieldError] = []
        for (index, family) in given.enumerated() {
            let field = "spec.ipFamilies[\(index)]"
            if !families.contains(family) { errors.append(.notSupported(field, .string(family), families)) }
            if given[..<index].contains(family) { errors.append(.duplicate(field, .string(family))) }
        }
        let policies = ["PreferDualStack", "RequireDualStack", "SingleStack"]
        if let policy = service.familyPolicy, !policies.contains(policy) {
            errors.append(.notSupported("spec.ipFamilyPolicy", .string(policy), policies))
        }
        return errors
    }

    /// What has been given to a service stays with it; a second address may come and go when the policy says so.
    static func updateErrors(_ new: JSONValue, _ old: JSONValue) -> [FieldError] {
        let (after, before) = (ServiceParts(new), ServiceParts(old))
        guard after.needsAddress, before.needsAddress else { return [] }
        var errors: [FieldError] = []
        if before.needsHealthPort, after.needsHealthPort, before.healthPort != nil,
            after.healthPort != before.healthPort
        {
            let value = after.healthPort.map(JSONValue.int) ?? .null
            errors.append(.invalid("spec.healthCheckNodePort", value, "field is immutable"))
        }
        if let family = before.families.first, let now = after.families.first, family != now {
            errors.append(.invalid("spec.ipFamilies[0]", .string(now), "may not change once set"))
        }
        let (now, was) = (after.clusterIPs, before.clusterIPs)
        let list = after["clusterIPs"] ?? []
        if now.isEmpty, !was.isEmpty {
            return errors + [.invalid("spec.clusterIPs[0]", list, "primary clusterIP can not be unset")]
        }
        for (index, (address, earlier)) in zip(now, was).enumerated() where address != earlier {
            errors.append(.invalid("spec.clusterIPs[\(index)]", list, "may not change once set"))
        }
        let policy = after.familyPolicy ?? before.familyPolicy
        let value = policy.map(JSONValue.string) ?? .null
        if now.count < was.count, policy != "SingleStack" {
            errors.append(
                .invalid("spec.ipFamilyPolicy", value, "must be 'SingleStack' to release the secondary cluster IP"))
        }
        if !after.families.isEmpty, after.families.count < before.families.count, policy != "SingleStack" {
            errors.append(
                .invalid("spec.ipFamilyPolicy", value, "must be 'SingleStack' to release the secondary IP family"))
        }
        return errors
    }
}
