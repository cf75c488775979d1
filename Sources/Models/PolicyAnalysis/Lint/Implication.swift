import ClusterAPI
import NetworkTypes

/// What selectors and peers say about each other, without any object.
enum Implication {
    /// Whether everything that `narrow` matches is matched by `wide`; false where that cannot be seen.
    static func holds(_ narrow: LabelSelector, _ wide: LabelSelector) -> Bool {
        let labels = narrow.matchLabels ?? [:]
        let requirements = narrow.matchExpressions ?? []
        return (wide.matchLabels ?? [:]).allSatisfy { key, value in
            labels[key] == value || allows(requirements, key).map { $0 == [value] } ?? false
        } && (wide.matchExpressions ?? []).allSatisfy { demanded($0, labels, requirements) }
    }

    /// The only values that a key can have under some requirements; nil for no bound.
    private static func allows(_ requirements: [LabelSelector.Requirement], _ key: String) -> Set<String>? {
        requirements.filter { $0.key == key && $0.operator == .in }.map { Set($0.values ?? []) }
            .reduce(Set<String>?.none) { found, next in found?.intersection(next) ?? next }
    }

    private static func demanded(
        _ requirement: LabelSelector.Requirement, _ labels: [String: String],
        _ requirements: [LabelSelector.Requirement]
    ) -> Bool {
        let key = requirement.key
        let wanted = Set(requirement.values ?? [])
        let possible = labels[key].map { Set([$0]) } ?? allows(requirements, key)
        func has(_ kind: LabelSelector.Operator) -> Bool {
            requirements.contains { $0.key == key && $0.operator == kind }
        }
        switch requirement.operator {
        case .in: return possible?.isSubset(of: wanted) ?? false
        case .exists: return possible != nil || has(.exists)
        case .doesNotExist: return has(.doesNotExist)
        case .notIn:
            if let possible { return possible.isDisjoint(with: wanted) }
            return has(.doesNotExist)
                || requirements.contains {
                    $0.key == key && $0.operator == .notIn && wanted.isSubset(of: $0.values ?? [])
                }
        case .unknown: return false
        }
    }

    /// Whether every end that `narrow` names is named by `wide`; both in policies of one namespace.
    static func covers(_ wide: NetworkPolicyPeer, _ narrow: NetworkPolicyPeer) -> Bool {
        if let inner = narrow.ipBlock { return wide.ipBlock.map { covers($0, inner) } ?? false }
        guard wide.ipBlock == nil else { return false }
        let namespaces =
            switch (narrow.namespaceSelector, wide.namespaceSelector) {
            case (nil, nil): true
            case (nil, let wide?): wide.isEmpty
            case (_?, nil): false
            case (let narrow?, let wide?): holds(narrow, wide)
            }
        return namespaces && holds(narrow.podSelector ?? LabelSelector(), wide.podSelector ?? LabelSelector())
    }

    private static func covers(_ wide: IPBlock, _ narrow: IPBlock) -> Bool {
        guard let outer = CIDR(wide.cidr), let inner = CIDR(narrow.cidr), outer.contains(inner) else { return false }
        let inside = (narrow.except ?? []).compactMap { CIDR($0) }
        return (wide.except ?? []).compactMap { CIDR($0) }.allSatisfy { hole in
            !hole.overlaps(inner) || inside.contains { $0.contains(hole) }
        }
    }
}

/// Whether one list of ports allows all that another one does.
enum PortCover {
    static func covers(_ wide: [NetworkPolicyPort], _ narrow: [NetworkPolicyPort]) -> Bool {
        if wide.isEmpty { return true }
        return !narrow.isEmpty && narrow.allSatisfy { port in wide.contains { covers($0, port) } }
    }

    private static func covers(_ wide: NetworkPolicyPort, _ narrow: NetworkPolicyPort) -> Bool {
        guard (wide.protocol ?? "TCP") == (narrow.protocol ?? "TCP") else { return false }
        switch (wide.port, narrow.port) {
        case (nil, _): return true
        case (.string(let name), .string(let other)): return name == other
        case (.int(let first), .int(let other)):
            return first <= other && (narrow.endPort ?? other) <= (wide.endPort ?? first)
        default: return false
        }
    }
}
