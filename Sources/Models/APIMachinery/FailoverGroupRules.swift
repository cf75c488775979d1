import ClusterAPI
import NetworkTypes

/// Validation of gabion.io/v1 FailoverGroup, one at a time; what groups take from each other is the nodes' to say.
enum FailoverGroupRules {
    static func errors(in object: JSONValue) -> [FieldError] {
        guard let spec = object["spec"], spec.object != nil else { return [.required("spec")] }
        var errors = addressErrors(spec["addresses"]?.array ?? [])
        errors += SelectorRules.errors(in: spec["nodeSelector"], "spec.nodeSelector")
        errors += number(spec, "firstRouterID", 1...255)
        // VRRP counts hundredths of a second, in twelve bits.
        errors += number(spec, "advertIntervalMilliseconds", 50...40_000)
        errors += number(spec, "preemptDelaySeconds", 0...1_000)
        if let name = spec["interface"], !isInterface(name.string ?? "") {
            errors.append(.invalid("spec.interface", name, "must be the name of an interface, (e.g. eth0)"))
        }
        errors += secretErrors(spec["authSecretName"])
        errors += checkErrors(spec["healthCheck"])
        for (index, port) in (spec["ports"]?.array ?? []).enumerated() {
            errors += portErrors(port, "spec.ports[\(index)]")
        }
        return errors
    }

    private static func addressErrors(_ list: [JSONValue]) -> [FieldError] {
        if list.isEmpty { return [.required("spec.addresses", "name at least one address, network or range")] }
        var seen: Set<String> = []
        return list.enumerated().flatMap { index, value -> [FieldError] in
            let (field, text) = ("spec.addresses[\(index)]", value.string ?? "")
            guard seen.insert(text).inserted else { return [.duplicate(field, value)] }
            if CIDR(text) != nil { return [] }
            let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let addresses = ends.compactMap { IPAddress($0) }
            guard addresses.count == ends.count, let first = addresses.first, let last = addresses.last,
                first.family == last.family, first <= last
            else {
                let detail =
                    "must be an address, a network or a range, (e.g. 192.0.2.10, 192.0.2.16/28, 192.0.2.40-192.0.2.49)"
                return [.invalid(field, value, detail)]
            }
            return AddressRules.range(ends[0], field)
        }
    }

    private static func number(_ spec: JSONValue, _ member: String, _ range: ClosedRange<Int64>) -> [FieldError] {
        guard let value = spec[member] else { return [] }
        if let number = value.int, range.contains(number) { return [] }
        return [
            .invalid("spec.\(member)", value, "must be between \(range.lowerBound) and \(range.upperBound), inclusive")
        ]
    }

    private static func isInterface(_ name: String) -> Bool {
        (1...15).contains(name.utf8.count)
            && name.unicodeScalars.allSatisfy {
                ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
                    || "-._:".unicodeScalars.contains($0)
            }
    }

    private static func secretErrors(_ name: JSONValue?) -> [FieldError] {
        guard let name else { return [] }
        let text = name.string ?? ""
        guard text.hasPrefix(FailoverGroup.secretPrefix) else {
            let place = "of the namespace \(FailoverGroup.secretNamespace), which nodes may read"
            return [
                .invalid(
                    "spec.authSecretName", name,
                    "must begin with \(FailoverGroup.secretPrefix): the name of a Secret \(place)")
            ]
        }
        return NameRules.dns1123Subdomain(text).map { .invalid("spec.authSecretName", name, $0) }
    }

    private static func checkErrors(_ check: JSONValue?) -> [FieldError] {
        guard let check else { return [] }
        let field = "spec.healthCheck"
        if check["service"] == nil, check["http"] == nil {
            return [.required(field, "say what must be well: service, http or both")]
        }
        var errors: [FieldError] = []
        if let service = check["service"] {
            for member in ["namespace", "name"] where (service[member]?.string ?? "").isEmpty {
                errors.append(.required("\(field).service.\(member)"))
            }
        }
        if let http = check["http"] {
            errors += portNumber(http["port"], "\(field).http.port")
            let path = http["path"]?.string ?? "/"
            let isPath = path.hasPrefix("/") && path.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value < 0x7F }
            if !isPath {
                errors.append(.invalid("\(field).http.path", .string(path), "must be a path, (e.g. /healthz)"))
            }
            for (member, range) in [
                ("intervalMilliseconds", 100...60_000 as ClosedRange<Int64>), ("threshold", 1...100),
            ] {
                errors += number(http, member, range).map {
                    FieldError(kind: $0.kind, field: "\(field).http.\(member)", body: $0.body)
                }
            }
        }
        return errors
    }

    private static func portErrors(_ port: JSONValue, _ field: String) -> [FieldError] {
        var errors = portNumber(port["port"], "\(field).port")
        if let transport = port["protocol"], !PortRules.protocols.contains(transport.string ?? "") {
            errors.append(.notSupported("\(field).protocol", transport, PortRules.protocols))
        }
        return errors
    }

    private static func portNumber(_ port: JSONValue?, _ field: String) -> [FieldError] {
        guard let number = port?.int else { return [.required(field)] }
        return PortRules.number(number).map { .invalid(field, .int(number), $0) }
    }
}
