package import AddressAllocation
package import ClusterAPI
import NetworkTypes

/// Whether a Service may have its `spec.externalIPs`.
package struct ServiceExternalIPs {
    /// Asked for only where a service has external IPs that it had not.
    private let rules: () throws -> ExternalIPRules
    /// Whether another Service has it.
    private let isTaken: (ServiceClaim) -> Bool

    package init(rules: @escaping () throws -> ExternalIPRules, isTaken: @escaping (ServiceClaim) -> Bool) {
        self.rules = rules
        self.isTaken = isTaken
    }

    /// Why the service that replaces `existing` may not be; empty where it may.
    ///
    /// What it has already it keeps: a policy that comes later stops no other change of it.
    package func errors(in object: JSONValue, replacing existing: JSONValue?) throws -> [FieldError] {
        let service = ServiceParts(object)
        let known = existing.map { Set(ServiceParts($0).externalIPs) } ?? []
        var errors: [FieldError] = []
        let rules = service.externalIPs.allSatisfy(known.contains) ? nil : try rules()
        for (index, text) in service.externalIPs.enumerated() {
            guard let address = IPAddress(text) else { continue }
            let field = "spec.externalIPs[\(index)]"
            if !known.contains(text), let reason = rules?.reason(against: address) {
                errors.append(.forbidden(field, "\(address) may not be used: \(reason)"))
            }
        }
        guard errors.isEmpty, service.needsAddress else { return errors }
        return takenErrors(service, existing)
    }

    /// Of two services at one port of an address, one would get what is meant for the other.
    private func takenErrors(_ service: ServiceParts, _ existing: JSONValue?) -> [FieldError] {
        let own = existing.map { ServiceClaim.all(of: $0, resource: "services") } ?? []
        return service.externalIPs.enumerated().flatMap { index, text -> [FieldError] in
            guard let address = IPAddress(text) else { return [] }
            return service.ports.compactMap { port in
                let claim = ServiceClaim.outsidePort(address, port.number, port.transport)
                guard !own.contains(claim), isTaken(claim) else { return nil }
                let reason = "another service has port \(port.number)/\(port.transport) of \(address) already"
                return .forbidden("spec.externalIPs[\(index)]", reason)
            }
        }
    }

    /// 422 with the fields and the reasons.
    package static func refusal(
        _ errors: [FieldError], _ object: JSONValue, of resource: ResourceDescriptor
    ) -> APIStatus { .invalid(resource, name: ServiceParts(object).name, errors) }
}
