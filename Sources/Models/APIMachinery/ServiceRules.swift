import ClusterAPI
import NetworkTypes

/// Defaults and validation of Service.
///
/// What depends on the cluster and on its other services, addresses and node ports, is `ServiceAllocation`'s.
enum ServiceRules {
    static let families = ["IPv4", "IPv6"]

    /// Members of the specification that are one of a few words.
    private static let choices = [
        ("sessionAffinity", ["ClientIP", "None"]), ("internalTrafficPolicy", ["Cluster", "Local"]),
        ("trafficDistribution", ["PreferClose", "PreferSameNode", "PreferSameZone"]),
    ]

    static func setDefaults(_ object: inout JSONValue) {
        guard object["spec"]?.object != nil else { return }
        var service = ServiceParts(object)
        removeEmpty(&service)
        if service["type"] == nil { service["type"] = "ClusterIP" }
        if service["sessionAffinity"] == nil { service["sessionAffinity"] = "None" }
        if service.needsAddress, service["internalTrafficPolicy"] == nil {
            service["internalTrafficPolicy"] = "Cluster"
        }
        if service.hasExternalTraffic, service.externalTrafficPolicy == nil {
            service["externalTrafficPolicy"] = "Cluster"
        }
        if service.type == "LoadBalancer", service["allocateLoadBalancerNodePorts"] == nil {
            service["allocateLoadBalancerNodePorts"] = true
        }
        if let ports = service["ports"]?.array { service["ports"] = .array(ports.map(withDefaults)) }
        if service["clusterIP"] == nil || service["clusterIPs"] == nil { service.clusterIPs = service.clusterIPs }
        object = service.object
        if object["status"] == nil { object["status"] = ["loadBalancer": [:]] }
    }

    /// Members that say nothing: Go clients write them.
    private static func removeEmpty(_ service: inout ServiceParts) {
        for member in ["clusterIP", "type", "sessionAffinity", "externalTrafficPolicy", "ipFamilyPolicy"]
        where service[member] == "" {
            service[member] = nil
        }
        for member in ["clusterIPs", "ipFamilies"] where service[member]?.array?.isEmpty == true {
            service[member] = nil
        }
        if service["healthCheckNodePort"] == 0 { service["healthCheckNodePort"] = nil }
    }

    private static func withDefaults(_ port: JSONValue) -> JSONValue {
        var port = port
        if port["protocol"] == nil { port["protocol"] = "TCP" }
        if port["targetPort"] == nil || port["targetPort"] == "" || port["targetPort"] == 0 {
            port["targetPort"] = port["port"]
        }
        if port["nodePort"] == 0 { port["nodePort"] = nil }
        return port
    }

    static func errors(in object: JSONValue) -> [FieldError] {
        let service = ServiceParts(object)
        let spec = object["spec"] ?? [:]
        var errors: [FieldError] = []
        let types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]
        let type = service["type"] ?? "ClusterIP"
        if !types.contains(type.string ?? "") { errors.append(.notSupported("spec.type", type, types)) }
        let ports = spec["ports"]?.array ?? []
        if ports.isEmpty, !service.isHeadless, type != "ExternalName" { errors.append(.required("spec.ports")) }
        if type == "ExternalName", service.text("externalName") == nil {
            errors.append(.required("spec.externalName"))
        }
        for (member, values) in choices {
            if let value = service[member], !values.contains(value.string ?? "") {
                errors.append(.notSupported("spec.\(member)", value, values))
            }
        }
        errors += portErrors(ports) + nodePortErrors(service)
        errors += addressErrors(service) + familyErrors(service)
        for (index, entry) in (spec["externalIPs"]?.array ?? []).enumerated() {
            errors += AddressRules.endpoint(entry.string ?? "", "spec.externalIPs[\(index)]")
        }
        errors += balancerErrors(object)
        return errors + MetadataRules.labelErrors(spec["selector"]?.object ?? [:], "spec.selector")
    }

    private static func portErrors(_ ports: [JSONValue]) -> [FieldError] {
        var errors: [FieldError] = []
        var names: Set<String> = []
        var pairs: Set<String> = []
        for (index, port) in ports.enumerated() {
            let field = "spec.ports[\(index)]"
            let name = port["name"]?.string ?? ""
            if name.isEmpty {
                if ports.count > 1 { errors.append(.required("\(field).name")) }
            } else {
                errors += NameRules.dns1123Label(name).map { .invalid("\(field).name", .string(name), $0) }
                if !names.insert(name).inserted { errors.append(.duplicate("\(field).name", .string(name))) }
            }
            let number = port["port"]?.int ?? 0
            errors += PortRules.number(number).map { .invalid("\(field).port", .int(number), $0) }
            let transport = port["protocol"] ?? "TCP"
            if !PortRules.protocols.contains(transport.string ?? "") {
                errors.append(.notSupported("\(field).protocol", transport, PortRules.protocols))
            }
            switch port["targetPort"] {
            case .int(let target):
                errors += PortRules.number(target).map { .invalid("\(field).targetPort", .int(target), $0) }
            case .string(let target):
                errors += NameRules.portName(target).map { .invalid("\(field).targetPort", .string(target), $0) }
            default: break
            }
            if !pairs.insert("\(transport.string ?? "")/\(number)").inserted {
                errors.append(.duplicate(field, ["port": .int(number), "protocol": transport]))
            }
        }
        return errors
    }
}
