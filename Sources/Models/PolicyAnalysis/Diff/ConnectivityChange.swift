package import NetworkTypes

/// Connectivity that is there in one of two clusters only.
package struct ConnectivityChange: Hashable, Sendable {
    package enum Effect: String, Hashable, Sendable {
        case appears, disappears
    }

    package enum Cause: String, Hashable, Sendable {
        /// Both ends are in both clusters: policies, labels or addresses are others.
        case policy
        /// One end is in one cluster only.
        case parties
    }

    package let effect: Effect
    package let cause: Cause
    /// Empty for all families that the two ends share.
    package let families: [IPAddress.Family]
    package let ports: PortSet
    /// What decided then, and what decides now.
    package let before: String
    package let after: String
    /// Indexes of groups.
    package let groups: Rectangle
}

/// A change between two classes, before pairs with the same change are joined.
struct ChangeKey: Hashable {
    let effect: ConnectivityChange.Effect
    let cause: ConnectivityChange.Cause
    let families: [IPAddress.Family]
    let ports: PortSet
    let before: String
    let after: String
}

/// What differs for a pair, whoever it is.
struct Delta: Hashable {
    let effect: ConnectivityChange.Effect
    let ports: PortSet
    let before: String
    let after: String

    /// The differences between two answers about the same ports; no parts at all means that nothing passes.
    static func between(_ old: [Connectivity.Part], _ new: [Connectivity.Part], absence: Absence) -> [Delta] {
        let before = old.isEmpty ? [Side.nothing(absence.old)] : old.map(Side.init)
        let after = new.isEmpty ? [Side.nothing(absence.new)] : new.map(Side.init)
        var deltas: [Delta] = []
        for was in before {
            for now in after where was.allowed != now.allowed {
                let ports = was.ports.intersection(now.ports)
                if ports.isEmpty { continue }
                deltas.append(
                    Delta(
                        effect: now.allowed ? .appears : .disappears, ports: ports, before: was.rule, after: now.rule))
            }
        }
        return deltas
    }

    /// Why there may be no answer.
    struct Absence: Hashable {
        let old: String
        let new: String
    }

    private struct Side {
        let ports: PortSet
        let allowed: Bool
        let rule: String

        init(_ part: Connectivity.Part) {
            ports = part.ports
            allowed = part.allowed
            rule = part.rule
        }

        private init(ports: PortSet, rule: String) {
            self.ports = ports
            allowed = false
            self.rule = rule
        }

        static func nothing(_ reason: String) -> Side { Side(ports: .all, rule: reason) }
    }
}
