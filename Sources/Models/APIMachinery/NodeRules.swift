import ClusterAPI

/// Defaults and validation of Node.
enum NodeRules {
    /// `podCIDR` and `podCIDRs` say the same, and `podCIDR` is right when they differ.
    static func setDefaults(_ object: inout JSONValue) {
        var spec = object["spec"] ?? [:]
        guard spec.object != nil else { return }
        let first = spec["podCIDRs"]?.array?.first
        if let range = spec["podCIDR"]?.string, !range.isEmpty {
            if first?.string != range { spec["podCIDRs"] = [.string(range)] }
        } else if let first {
            spec["podCIDR"] = first
        }
        object["spec"] = spec
    }

    static func errors(in object: JSONValue) -> [FieldError] {
        let spec = object["spec"] ?? [:]
        var errors: [FieldError] = []
        for (index, range) in (spec["podCIDRs"]?.array ?? []).enumerated() {
            errors += AddressRules.cidr(range.string ?? "", "spec.podCIDRs[\(index)]")
        }
        let effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"]
        for (index, taint) in (spec["taints"]?.array ?? []).enumerated() {
            let field = "spec.taints[\(index)]"
            let key = taint["key"]?.string ?? ""
            errors += NameRules.qualifiedName(key).map { .invalid("\(field).key", .string(key), $0) }
            let effect = taint["effect"] ?? ""
            if !effects.contains(effect.string ?? "") {
                errors.append(.notSupported("\(field).effect", effect, effects))
            }
        }
        return errors
    }
}
