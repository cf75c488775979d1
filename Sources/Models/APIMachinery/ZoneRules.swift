import ClusterAPI
import EgressNames
import NetworkTypes

/// Validation of gabion.io/v1 Zone, one zone at a time; what zones make of each other is the engine's to say.
enum ZoneRules {
    /// Absent, `external` is Deny, and a port's protocol is TCP.
    static func setDefaults(_ object: inout JSONValue) {
        guard var spec = object["spec"], spec.object != nil else { return }
        if spec["external"] == nil { spec["external"] = "Deny" }
        if let holes = spec["holes"]?.array {
            spec["holes"] = .array(holes.map { NetworkPolicyRules.withProtocols($0) })
        }
        object["spec"] = spec
    }

    static func errors(in object: JSONValue) -> [FieldError] {
        guard let spec = object["spec"], spec.object != nil else { return [.required("spec")] }
        var errors: [FieldError] = []
        if spec["order"]?.int == nil {
            errors.append(.required("spec.order", "say where the zone stands between outside (0) and inside"))
        }
        for member in ["namespaceSelector", "nodeSelector"] {
            errors += SelectorRules.errors(in: spec[member], "spec.\(member)")
        }
        errors += networkErrors(spec["cidrs"])
        if let external = spec["external"], !["Allow", "Deny"].contains(external.string) {
            errors.append(.notSupported("spec.external", external, ["Allow", "Deny"]))
        }
        errors += egressErrors(spec["egress"])
        errors += nameErrors(spec["externalNames"])
        let zone = object["metadata"]?["name"]?.string ?? ""
        return errors + holeErrors(spec["holes"], in: zone)
    }

    private static func networkErrors(_ list: JSONValue?) -> [FieldError] {
        var seen: Set<String> = []
        return (list?.array ?? []).enumerated().flatMap { index, value in
            let field = "spec.cidrs[\(index)]"
            let text = value.string ?? ""
            let isNew = seen.insert(text).inserted
            return AddressRules.cidr(text, field) + (isNew ? [] : [.duplicate(field, value)])
        }
    }

    private static func egressErrors(_ egress: JSONValue?) -> [FieldError] {
        guard let egress else { return [] }
        let addresses = egress["addresses"]?.array ?? []
        var errors = SelectorRules.errors(in: egress["nodeSelector"], "spec.egress.nodeSelector")
        if addresses.isEmpty { errors.append(.required("spec.egress.addresses", "say with which addresses")) }
        var seen: Set<IPAddress> = []
        for (index, value) in addresses.enumerated() {
            let field = "spec.egress.addresses[\(index)]"
            guard let address = IPAddress(value.string ?? "") else {
                errors.append(.invalid(field, value, "must be an IP address"))
                continue
            }
            if !seen.insert(address).inserted { errors.append(.duplicate(field, value)) }
        }
        return errors
    }

    private static func nameErrors(_ list: JSONValue?) -> [FieldError] {
        (list?.array ?? []).enumerated().compactMap { index, value in
            do throws(NamePatternProblem) {
                _ = try NameDialect.zone.pattern(value.string ?? "")
                return nil
            } catch {
                return .invalid("spec.externalNames[\(index)]", value, error.description)
            }
        }
    }

    private static func holeErrors(_ list: JSONValue?, in zone: String) -> [FieldError] {
        var names: Set<String> = []
        return (list?.array ?? []).enumerated().flatMap { index, hole in
            let field = "spec.holes[\(index)]"
            var errors = holeErrors(hole, field, in: zone)
            if let name = hole["name"], !names.insert(name.string ?? "").inserted {
                errors.append(.duplicate("\(field).name", name))
            }
            return errors
        }
    }

    private static func holeErrors(_ hole: JSONValue, _ field: String, in zone: String) -> [FieldError] {
        var errors: [FieldError] = []
        if let name = hole["name"] {
            errors += NameRules.dns1123Label(name.string ?? "").map { .invalid("\(field).name", name, $0) }
        }
        errors += sourceErrors(hole["from"], "\(field).from", in: zone)
        errors += selectorErrors(hole["from"], "\(field).from") + selectorErrors(hole["to"], "\(field).to")
        for (index, port) in (hole["ports"]?.array ?? []).enumerated() {
            errors += NetworkPolicyRules.portErrors(port, "\(field).ports[\(index)]")
        }
        for (member, advice) in [
            ("owner", "say who answers for the hole"), ("reason", "say what the hole is for"),
        ] where (hole[member]?.string ?? "").allSatisfy(\.isWhitespace) {
            errors.append(.required("\(field).\(member)", advice))
        }
        if let expires = hole["expires"], APITime(expires.string ?? "") == nil {
            errors.append(
                .invalid("\(field).expires", expires, "must be a moment of RFC 3339, (e.g. 2026-12-31T18:00:00Z)"))
        }
        return errors
    }

    private static func sourceErrors(_ source: JSONValue?, _ field: String, in zone: String) -> [FieldError] {
        guard let source else { return [.required(field, "name the zone that the way comes from")] }
        let name = source["zone"]?.string ?? ""
        if name.isEmpty { return [.required("\(field).zone", "name the zone that the way comes from")] }
        if name == zone {
            return [.invalid("\(field).zone", .string(name), "must be another zone: inside a zone no hole is needed")]
        }
        return NameRules.dns1123Subdomain(name).map { .invalid("\(field).zone", .string(name), $0) }
    }

    private static func selectorErrors(_ members: JSONValue?, _ field: String) -> [FieldError] {
        ["namespaceSelector", "podSelector"].flatMap {
            SelectorRules.errors(in: members?[$0], "\(field).\($0)")
        }
    }
}
