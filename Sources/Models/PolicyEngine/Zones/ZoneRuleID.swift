/// One rule that zones make for the pods of one of them.
package struct ZoneRuleID: Hashable, Sendable, CustomStringConvertible {
    /// What the rule is about.
    package enum Subject: Hashable, Sendable {
        /// A hole by its name (or place), and the zone at its other end.
        case hole(String, other: String)
        /// The zone's own members.
        case own
        /// Pods of another zone, nodes of it, or hosts.
        case zone(String)
        /// Pods that belong to no zone or to several.
        case strangers
        /// Nodes or hosts that belong to two zones.
        case both(String, String)
        /// Addresses of pods of which nothing is known yet.
        case unknownPods
        /// What belongs to no zone and is no pod.
        case outside
        /// Hosts outside by their names.
        case names
    }

    /// Whose pods it holds for.
    package let zone: String
    package let direction: Direction
    package let subject: Subject

    package init(zone: String, direction: Direction, subject: Subject) {
        self.zone = zone
        self.direction = direction
        self.subject = subject
    }

    /// `Zone data: nothing from zone dmz`, `Zone data: hole web-to-db from zone app`.
    package var description: String {
        let from = direction == .ingress ? "from" : "to"
        let text =
            switch subject {
            case .hole(let name, let other): "hole \(name) \(direction == .ingress ? "from" : "into") zone \(other)"
            case .own: "\(from) within"
            case .zone(let other): "nothing \(from) zone \(other)"
            case .strangers: "nothing \(from) pods of no zone or of several"
            case .both(let one, let other): "nothing \(from) what is in zones \(one) and \(other)"
            case .unknownPods: "nothing \(from) a pod that is not known"
            case .outside: "nothing \(from) outside"
            case .names: "names outside"
            }
        return "Zone \(zone): \(text)"
    }
}

/// Which zones a namespace is in, where that is not exactly one: then its pods are closed.
package struct ZoneConflict: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let namespace: String
    /// Those that it is certainly in, sorted; not one.
    package let zones: [String]
    /// Those that it may be in, since its object was not seen, sorted.
    package let perhaps: [String]

    package init(namespace: String, zones: [String], perhaps: [String] = []) {
        self.namespace = namespace
        self.zones = zones
        self.perhaps = perhaps
    }

    /// `namespace x belongs to no zone`, `namespace x belongs to zones a and b`.
    package var description: String {
        if zones.count > 1 { return "namespace \(namespace) belongs to zones \(Self.list(zones))" }
        if perhaps.isEmpty { return "namespace \(namespace) belongs to no zone" }
        return "namespace \(namespace) is not known yet: it may belong to \(Self.list(zones + perhaps))"
    }

    private static func list(_ names: [String]) -> String {
        guard let last = names.last, names.count > 1 else { return names.joined() }
        return names.dropLast().joined(separator: ", ") + " and " + last
    }

    package static func < (left: ZoneConflict, right: ZoneConflict) -> Bool { left.namespace < right.namespace }
}
