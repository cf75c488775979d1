import ClusterAPI

extension CustomResourceDefinitionRules {
    /// Names that follow from others, and that versions differ in nothing but their name.
    static func setDefaults(_ crd: inout JSONValue) {
        guard var spec = crd["spec"], spec.object != nil else { return }
        if var names = spec["names"], let kind = names["kind"]?.string, !kind.isEmpty {
            if names["singular"]?.string?.isEmpty != false { names["singular"] = .string(kind.lowercased()) }
            if names["listKind"]?.string?.isEmpty != false { names["listKind"] = .string(kind + "List") }
            spec["names"] = names
        }
        if spec["conversion"] ?? .null == .null { spec["conversion"] = ["strategy": "None"] }
        crd["spec"] = spec
    }

    /// What other objects depend on does not change, and versions that objects were stored in stay.
    static func updateErrors(_ crd: JSONValue, _ existing: JSONValue) -> [FieldError] {
        let spec = crd["spec"]
        let before = existing["spec"]
        var errors: [FieldError] = []
        for (field, now, old) in [
            ("spec.group", spec?["group"], before?["group"]), ("spec.scope", spec?["scope"], before?["scope"]),
            ("spec.names.kind", spec?["names"]?["kind"], before?["names"]?["kind"]),
            ("spec.names.plural", spec?["names"]?["plural"], before?["names"]?["plural"]),
        ] where now != old {
            errors.append(.invalid(field, now ?? "", "field is immutable"))
        }
        let names = (spec?["versions"]?.array ?? []).compactMap { $0["name"] }
        for (index, stored) in (existing["status"]?["storedVersions"]?.array ?? []).enumerated()
        where !names.contains(stored) {
            errors.append(.invalid("status.storedVersions[\(index)]", stored, "must appear in spec.versions"))
        }
        return errors
    }
}
