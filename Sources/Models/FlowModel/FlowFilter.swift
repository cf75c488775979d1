package import ClusterAPI
package import NetworkTypes

/// Which flows are wanted, live and past alike; what is not named does not narrow.
///
/// Pod, namespace, label, zone and address speak of one end: a flow is wanted if either of its ends is all that. Several
/// values of one kind are alternatives, but every label selector must hold.
package struct FlowFilter: Hashable, Sendable, Codable {
    /// `namespace/name`, or a name in any namespace.
    package var pods: [String] = []
    package var namespaces: [String] = []
    package var labels: [LabelSelector] = []
    package var zones: [String] = []
    package var addresses: [CIDR] = []
    /// Of either end.
    package var ports: [Ports] = []
    package var protocols: [TransportProtocol] = []
    package var verdict: FlowRecord.Verdict?
    package var staged: Staged?
    /// A part of the deciding rule's text, or of the drop's name, in any case.
    package var rule: String?
    /// Flows of which something happened at or after this time; microseconds since 1970.
    package var since: Int64?
    /// Flows that began before this time.
    package var until: Int64?

    package init() {}

    /// What a flow's staged verdict is; none of these for flows without one.
    package enum Staged: String, Hashable, Sendable, Codable, CaseIterable {
        case allow
        case deny
        /// Another than the verdict.
        case differs

        func matches(_ record: FlowRecord) -> Bool {
            guard let staged = record.staged else { return false }
            return switch self {
            case .allow: staged.allowed
            case .deny: !staged.allowed
            case .differs: staged.allowed != (record.verdict == .allowed)
            }
        }
    }

    /// An inclusive range.
    package struct Ports: Hashable, Sendable, Codable {
        package var first: UInt16
        package var last: UInt16

        package init(_ range: PortRange) {
            first = range.first
            last = range.last
        }

        func contains(_ port: UInt16) -> Bool { first <= port && port <= last }
    }

    package func matches(_ record: FlowRecord) -> Bool {
        if let verdict, record.verdict != verdict { return false }
        if let staged, !staged.matches(record) { return false }
        if let since, record.last < since { return false }
        if let until, record.start >= until { return false }
        if !protocols.isEmpty {
            let family = record.source.address.family
            guard protocols.contains(where: { $0.number(family) == record.ipProtocol }) else { return false }
        }
        if !ports.isEmpty {
            let used = [record.source.port, record.destination.port].compactMap(\.self)
            guard used.contains(where: { port in ports.contains { $0.contains(port) } }) else { return false }
        }
        if let rule, !Self.texts(record).contains(where: { $0.lowercased().contains(rule.lowercased()) }) {
            return false
        }
        return isWanted(record.source) || isWanted(record.destination)
    }

    private static func texts(_ record: FlowRecord) -> [String] {
        [record.rule, record.egress?.rule, record.ingress?.rule, record.drop, record.staged?.rule].compactMap(\.self)
    }

    private func isWanted(_ end: FlowEndpoint) -> Bool {
        if !pods.isEmpty {
            guard end.kind == .pod, let pod = end.pod, pods.contains(where: { $0 == pod || $0 == end.name }) else {
                return false
            }
        }
        if !namespaces.isEmpty {
            guard let namespace = end.namespace, namespaces.contains(namespace) else { return false }
        }
        if !labels.isEmpty {
            guard let own = end.labels, labels.allSatisfy({ $0.matches(own) }) else { return false }
        }
        if !zones.isEmpty {
            guard let zone = end.zone, zones.contains(zone) else { return false }
        }
        return addresses.isEmpty || addresses.contains { $0.contains(end.address) }
    }
}
