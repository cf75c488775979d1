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
        let before = old.isEmpty ? [nil] : old.map(Optional.some)
        let after = new.isEmpty ? [nil] : new.map(Optional.some)
        var deltas: [Delta] = []
        for was in before {
            for now in after where was?.allowed ?? false != now?.allowed ?? false {
                let ports = (was?.ports ?? .all).intersection(now?.ports ?? .all)
                if ports.isEmpty { continue }
                let texts = decisive(was, now, absence)
                let effect: ConnectivityChange.Effect = now?.allowed ?? false ? .appears : .disappears
                deltas.append(Delta(effect: effect, ports: ports, before: texts.before, after: texts.after))
            }
        }
        return joined(deltas)
    }

    /// What decided then and now: only the direction that turned round, or both if both did.
    private static func decisive(
        _ was: Connectivity.Part?, _ now: Connectivity.Part?, _ absence: Absence
    ) -> (before: String, after: String) {
        guard let was, let now else { return (was?.rule ?? absence.old, now?.rule ?? absence.new) }
        let turned = [(was.egress, now.egress), (was.ingress, now.ingress)].filter { $0.0.allowed != $0.1.allowed }
        return (turned.map(\.0.text).joined(separator: "; "), turned.map(\.1.text).joined(separator: "; "))
    }

    /// Ports with equal texts together.
    private static func joined(_ deltas: [Delta]) -> [Delta] {
        deltas.reduce(into: []) { result, next in
            let place = result.firstIndex {
                $0.effect == next.effect && $0.before == next.before && $0.after == next.after
            }
            guard let place else {
                result.append(next)
                return
            }
            let ports = result[place].ports.union(next.ports)
            result[place] = Delta(effect: next.effect, ports: ports, before: next.before, after: next.after)
        }
    }

    /// Why there may be no answer.
    struct Absence: Hashable {
        let old: String
        let new: String
    }
}
