import ClusterAPI

/// Defaults and validation of Node.
enum NodeRules {
    /// `podCIDR` and `podCIDRs` say the same.
    static func setDefaults(_ object: inout JSONValue) {
        var spec = object["spec"] ?? [:]
        guard spec.object != nil else { return }
        if let first = spec["podCIDRs"]?.array?.first {
            spec["podCIDR"] = first
        } else if let range = spec["podCIDR"]?.string, !range.isEmpty {
            spec["podCIDRs"] = [.string(range)]
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
