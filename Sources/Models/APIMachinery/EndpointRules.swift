import ClusterAPI

/// Defaults and validation of Endpoints and EndpointSlice.
enum EndpointRules {
    static func setDefaults(_ object: inout JSONValue) {
        guard let subsets = object["subsets"]?.array else { return }
        object["subsets"] = .array(
            subsets.map { subset in
                var subset = subset
                if let ports = subset["ports"]?.array { subset["ports"] = .array(ports.map(withProtocol)) }
                return subset
            })
    }

    static func setSliceDefaults(_ object: inout JSONValue) {
        guard let ports = object["ports"]?.array else { return }
        object["ports"] = .array(
            ports.map { port in
                var port = withProtocol(port)
                if port["name"] == nil { port["name"] = "" }
                return port
            })
    }

    private static func withProtocol(_ port: JSONValue) -> JSONValue {
        var port = port
        if port["protocol"] == nil { port["protocol"] = "TCP" }
        return port
    }

    static func errors(in object: JSONValue) -> [FieldError] {
        var errors: [FieldError] = []
        for (index, subset) in (object["subsets"]?.array ?? []).enumerated() {
            let field = "subsets[\(index)]"
            let lists = ["addresses", "notReadyAddresses"].map { ($0, subset[$0]?.array ?? []) }
            if lists.allSatisfy(\.1.isEmpty) {
                errors.append(.required(field, "must specify `addresses` or `notReadyAddresses`"))
            }
            for (name, addresses) in lists {
                for (number, address) in addresses.enumerated() {
                    errors += AddressRules.endpoint(address["ip"]?.string ?? "", "\(field).\(name)[\(number)].ip")
                }
            }
            let ports = subset["ports"]?.array ?? []
            for (number, port) in ports.enumerated() {
                let place = "\(field).ports[\(number)]"
                let name = port["name"]?.string ?? ""
                if name.isEmpty, ports.count > 1 { errors.append(.required("\(place).name")) }
                if !name.isEmpty {
                    errors += NameRules.dns1123Label(name).map { .invalid("\(place).name", .string(name), $0) }
                }
                let value = port["port"]?.int ?? 0
                errors += PortRules.number(value).map { .invalid("\(place).port", .int(value), $0) }
                errors += protocolErrors(port, place)
            }
        }
        return errors
    }

    private static func protocolErrors(_ port: JSONValue, _ field: String) -> [FieldError] {
        guard let name = port["protocol"], !PortRules.protocols.contains(name.string ?? "") else { return [] }
        return [.notSupported("\(field).protocol", name, PortRules.protocols)]
    }

    static func sliceErrors(in object: JSONValue) -> [FieldError] {
        var errors: [FieldError] = []
        let types = ["FQDN", "IPv4", "IPv6"]
        let type = object["addressType"]?.string ?? ""
        if type.isEmpty {
            errors.append(.required("addressType"))
        } else if !types.contains(type) {
            errors.append(.notSupported("addressType", .string(type), types))
        }
        let endpoints = object["endpoints"]?.array ?? []
        if endpoints.count > 1_000 { errors.append(.tooMany("endpoints", endpoints.count, maximum: 1_000)) }
        for (index, endpoint) in endpoints.enumerated() {
            errors += endpointErrors(endpoint, type: type, "endpoints[\(index)]")
        }
        var names: Set<String> = []
        for (index, port) in (object["ports"]?.array ?? []).enumerated() {
            let name = port["name"]?.string ?? ""
            if !names.insert(name).inserted { errors.append(.duplicate("ports[\(index)].name", .string(name))) }
            if !name.isEmpty {
                errors += NameRules.dns1123Label(name).map { .invalid("ports[\(index)].name", .string(name), $0) }
            }
            errors += protocolErrors(port, "ports[\(index)]")
        }
        return errors
    }

    private static func endpointErrors(_ endpoint: JSONValue, type: String, _ field: String) -> [FieldError] {
        let addresses = endpoint["addresses"]?.array ?? []
        if addresses.isEmpty { return [.required("\(field).addresses", "must contain at least 1 address")] }
        if addresses.count > 100 { return [.tooMany("\(field).addresses", addresses.count, maximum: 100)] }
        return addresses.enumerated().flatMap { index, address in
            let text = address.string ?? ""
            let place = "\(field).addresses[\(index)]"
            return type == "FQDN"
                ? NameRules.dns1123Subdomain(text).map { FieldError.invalid(place, .string(text), $0) }
                : AddressRules.address(text, place, family: type) + AddressRules.range(text, place)
        }
    }

    static func sliceUpdateErrors(_ new: JSONValue, _ old: JSONValue) -> [FieldError] {
        guard let after = new["addressType"], after != old["addressType"] else { return [] }
        return [.invalid("addressType", after, "field is immutable")]
    }
}
