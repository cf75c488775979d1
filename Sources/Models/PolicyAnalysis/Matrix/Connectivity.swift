package import NetworkTypes
import PolicyEngine

/// What passes from one class to another: the whole port space, cut by what decides.
package struct Connectivity: Hashable, Sendable {
    package struct Part: Hashable, Sendable {
        package let ports: PortSet
        package let allowed: Bool
        package let egress: Reason
        package let ingress: Reason

        /// What denies, or on both sides what allows; one text if both say the same.
        package var rule: String {
            let deciding = allowed ? [egress, ingress] : [egress, ingress].filter { !$0.allowed }
            let texts = deciding.map(\.text)
            return texts.count == 2 && texts[0] == texts[1] ? texts[0] : texts.joined(separator: "; ")
        }
    }

    /// The same parts for some address families.
    package struct Lane: Hashable, Sendable {
        /// Empty where an end has no address yet: then selectors alone decide.
        package let families: [IPAddress.Family]
        /// Disjoint, and together every port.
        package let parts: [Part]

        package let allowed: PortSet

        init(families: [IPAddress.Family], parts: [Part]) {
            self.families = families
            self.parts = parts
            allowed = parts.filter(\.allowed).reduce(.none) { $0.union($1.ports) }
        }
    }

    /// The family that a flow by name uses first; empty if no packet can go.
    package let lanes: [Lane]

    /// What passes in every family.
    package let allowedInAll: PortSet
    /// What passes in at least one family.
    package let allowedInAny: PortSet

    init(lanes: [Lane]) {
        self.lanes = lanes
        allowedInAll = lanes.dropFirst().reduce(lanes.first?.allowed ?? .none) { $0.intersection($1.allowed) }
        allowedInAny = lanes.reduce(.none) { $0.union($1.allowed) }
    }

    /// The parts that hold for a family, or for flows by name where an end has no address.
    package func parts(_ family: IPAddress.Family?) -> [Part] {
        let lane = lanes.first { lane in
            guard let family else { return true }
            return lane.families.isEmpty || lane.families.contains(family)
        }
        return lane?.parts ?? []
    }
}

/// What one direction says, in words that hold for every member of a class.
package struct Reason: Hashable, Sendable {
    package let allowed: Bool
    package let text: String

    init(_ decision: Decision) {
        allowed = decision.allowed
        text =
            switch decision.rule {
            case .notSelected(_, let direction): "no policy selects it for \(direction.rawValue)"
            case .noTierDecides(_, let direction): "no tier decides about its \(direction.rawValue): allowed"
            case .node: "policies do not select nodes"
            case .external: "policies do not select what is outside"
            case .unreachable: "nothing can be sent there"
            // Of two projects only what holds for every pair of them.
            default: decision.rule.counted.description
            }
    }
}
