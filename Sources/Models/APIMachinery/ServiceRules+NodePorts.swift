import ClusterAPI

extension ServiceRules {
    static func nodePortErrors(_ service: ServiceParts) -> [FieldError] {
        var errors: [FieldError] = []
        var seen: Set<String> = []
        for (index, port) in service.ports.enumerated() {
            guard let nodePort = port.nodePort else { continue }
            let field = "spec.ports[\(index)].nodePort"
            if !service.isExternal {
                errors.append(.forbidden(field, "may not be used when `type` is '\(service.type)'"))
            } else if !seen.insert("\(port.transport)/\(nodePort)").inserted {
                errors.append(.duplicate(field, .int(nodePort)))
            }
        }
        if service["allocateLoadBalancerNodePorts"] != nil, service.type != "LoadBalancer" {
            errors.append(
                .forbidden("spec.allocateLoadBalancerNodePorts", "may only be used when `type` is 'LoadBalancer'"))
        }
        return errors + externalTrafficErrors(service)
    }

    private static func externalTrafficErrors(_ service: ServiceParts) -> [FieldError] {
        var errors: [FieldError] = []
        if let policy = service.externalTrafficPolicy {
            let field = "spec.externalTrafficPolicy"
            if !service.hasExternalTraffic {
                errors.append(
                    .invalid(field, .string(policy), "may only be set for externally-accessible services"))
            } else if !["Cluster", "Local"].contains(policy) {
                errors.append(.notSupported(field, .string(policy), ["Cluster", "Local"]))
            }
        }
        if let port = service.healthPort, !service.needsHealthPort {
            errors.append(
                .invalid(
                    "spec.healthCheckNodePort", .int(port),
                    "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"))
        }
        return errors
    }
}
