import ClusterAPI
import NetworkTypes

/// Defaults and validation of Service.
///
/// Cluster addresses are not allocated here: given ones and `None` are kept.
enum ServiceRules {
    static func setDefaults(_ object: inout JSONValue) {
        guard var spec = object["spec"], spec.object != nil else { return }
        if spec["type"] == nil { spec["type"] = "ClusterIP" }
        if spec["sessionAffinity"] == nil { spec["sessionAffinity"] = "None" }
        if spec["type"] != "ExternalName", spec["internalTrafficPolicy"] == nil {
            spec["internalTrafficPolicy"] = "Cluster"
        }
        if let ports = spec["ports"]?.array { spec["ports"] = .array(ports.map(withDefaults)) }
        if let address = spec["clusterIP"]?.string, !address.isEmpty {
            if spec["clusterIPs"]?.array?.isEmpty != false { spec["clusterIPs"] = [.string(address)] }
        } else if let first = spec["clusterIPs"]?.array?.first {
            spec["clusterIP"] = first
        }
        object["spec"] = spec
        if object["status"] == nil { object["status"] = ["loadBalancer": [:]] }
    }

    private static func withDefaults(_ port: JSONValue) -> JSONValue {
        var port = port
        if port["protocol"] == nil { port["protocol"] = "TCP" }
        if port["targetPort"] == nil || port["targetPort"] == "" || port["targetPort"] == 0 {
            port["targetPort"] = port["port"]
        }
        return port
    }

    static func errors(in object: JSONValue) -> [FieldError] {
        let spec = object["spec"] ?? [:]
        var errors: [FieldError] = []
        let types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]
        let type = spec["type"] ?? "ClusterIP"
        if !types.contains(type.string ?? "") { errors.append(.notSupported("spec.type", type, types)) }
        let ports = spec["ports"]?.array ?? []
        if ports.isEmpty, spec["clusterIP"] != "None", type != "ExternalName" { errors.append(.required("spec.ports")) }
        if type == "ExternalName", spec["externalName"]?.string?.isEmpty != false {
            errors.append(.required("spec.externalName"))
        }
        if let affinity = spec["sessionAffinity"], !["ClientIP", "None"].contains(affinity.string) {
            errors.append(.notSupported("spec.sessionAffinity", affinity, ["ClientIP", "None"]))
        }
        errors += portErrors(ports)
        errors += addressErrors(spec)
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

    private static func addressErrors(_ spec: JSONValue) -> [FieldError] {
        var errors: [FieldError] = []
        for (index, entry) in (spec["clusterIPs"]?.array ?? []).enumerated() {
            let text = entry.string ?? ""
            if index == 0, text == "None" { continue }
            errors += AddressRules.address(text, "spec.clusterIPs[\(index)]")
        }
        if let first = spec["clusterIPs"]?.array?.first, let address = spec["clusterIP"], first != address {
            errors.append(.invalid("spec.clusterIPs[0]", first, "first value must match `clusterIP`"))
        }
        for (index, entry) in (spec["externalIPs"]?.array ?? []).enumerated() {
            errors += AddressRules.endpoint(entry.string ?? "", "spec.externalIPs[\(index)]")
        }
        return errors
    }

    static func updateErrors(_ new: JSONValue, _ old: JSONValue) -> [FieldError] {
        guard let before = old["spec"]?["clusterIP"]?.string, !before.isEmpty, new["spec"]?["type"] != "ExternalName",
            let after = new["spec"]?["clusterIP"], after.string != before
        else { return [] }
        return [.invalid("spec.clusterIP", after, "field is immutable")]
    }
}
