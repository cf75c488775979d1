import ClusterAPI
import NetworkTypes
import PolicyEngine

/// A second implementation of the cluster-wide policies, from the API's documentation: no index, no shared code.
struct NaiveTiers {
    enum Answer { case allow, deny, pass }

    let world: NaiveSemantics

    /// One rule of either API.
    struct Rule {
        var action: String
        var peers: [ClusterPolicyPeer]?
        var stray: [ClusterPolicyPeer]?
        var ports: [Port]?
    }

    struct Port {
        var transport: String?
        var first: Int?
        var last: Int?
        var name: String?
        var isSound = true
    }

    private struct Entry {
        let priority: Int?
        let order: String
        let subject: ClusterPolicySubject?
        let rules: [Rule]?
        var allow = "Allow"
        var mayPass = true
    }

    /// The first rule of a tier that is about this traffic; nil if there is none.
    func answer(
        baseline: Bool, egress: Bool, pod: Pod, other: NaiveSemantics.End, target: Pod?,
        _ transport: TransportProtocol, _ port: UInt16?
    ) -> Answer? {
        let entries = baseline ? baselines(egress) : admins(egress)
        let sorted = entries.sorted { ($0.priority ?? Int.min, $0.order) < ($1.priority ?? Int.min, $1.order) }
        for entry in sorted {
            guard let rules = entry.rules else { return .deny }
            guard let isCertain = selects(entry.subject, pod) else { continue }
            for rule in rules {
                let found = judge(rule, entry, egress: egress, other, target, transport, port)
                guard let found else { continue }
                if isCertain, entry.priority != nil { return found }
                if found != .allow { return .deny }
            }
        }
        return nil
    }

    private func admins(_ egress: Bool) -> [Entry] {
        world.admins.map { policy in
            Entry(
                priority: policy.spec?.priority, order: "A \(policy.key.name)", subject: policy.spec?.subject,
                rules: policy.spec.map { rules($0, egress) })
        } + clusters(egress) { $0 != "Baseline" }
    }

    private func baselines(_ egress: Bool) -> [Entry] {
        world.baselines.filter { $0.key.name == "default" }.map { policy in
            Entry(
                priority: 100_000, order: "", subject: policy.spec?.subject,
                rules: policy.spec.map { rules($0, egress) }, mayPass: false)
        } + clusters(egress) { $0 == "Baseline" }
    }

    private func clusters(_ egress: Bool, _ isTier: (String?) -> Bool) -> [Entry] {
        world.clusters.filter { isTier($0.spec?.tier) }.map { policy in
            Entry(
                priority: policy.spec?.priority, order: "C \(policy.key.name)",
                subject: policy.spec?.subject,
                rules: policy.spec.map { rules($0, egress) }, allow: "Accept")
        }
    }

    private func rules(_ spec: AdminNetworkPolicySpec, _ egress: Bool) -> [Rule] {
        ((egress ? spec.egress : spec.ingress) ?? []).map { rule in
            Rule(
                action: rule.action, peers: egress ? rule.to : rule.from, stray: egress ? rule.from : rule.to,
                ports: rule.ports?.map { port in
                    let kinds = [port.portNumber != nil, port.portRange != nil, port.namedPort != nil].filter(\.self)
                    if kinds.count != 1 { return Port(isSound: false) }
                    if let name = port.namedPort { return Port(name: name) }
                    if let number = port.portNumber {
                        return Port(transport: number.protocol ?? "TCP", first: number.port, last: number.port)
                    }
                    let range = port.portRange
                    let isSound = (range?.start ?? 1) < (range?.end ?? 0)
                    return Port(
                        transport: range?.protocol ?? "TCP", first: range?.start, last: range?.end, isSound: isSound)
                })
        }
    }

    private func rules(_ spec: ClusterNetworkPolicySpec, _ egress: Bool) -> [Rule] {
        ((egress ? spec.egress : spec.ingress) ?? []).map { rule in
            Rule(
                action: rule.action, peers: egress ? rule.to : rule.from, stray: egress ? rule.from : rule.to,
                ports: rule.protocols?.map { match in
                    let all = [("TCP", match.tcp), ("UDP", match.udp), ("SCTP", match.sctp)].filter { $0.1 != nil }
                    if all.count + (match.destinationNamedPort == nil ? 0 : 1) != 1 { return Port(isSound: false) }
                    if let name = match.destinationNamedPort { return Port(name: name) }
                    guard let port = all[0].1?.destinationPort else { return Port(transport: all[0].0) }
                    if (port.number == nil) == (port.range == nil) { return Port(isSound: false) }
                    if let number = port.number { return Port(transport: all[0].0, first: number, last: number) }
                    let range = port.range
                    return Port(
                        transport: all[0].0, first: range?.start, last: range?.end,
                        isSound: (range?.start ?? 1) < (range?.end ?? 0))
                })
        }
    }

    private func judge(
        _ rule: Rule, _ entry: Entry, egress: Bool, _ other: NaiveSemantics.End, _ target: Pod?,
        _ transport: TransportProtocol, _ port: UInt16?
    ) -> Answer? {
        let isAllow = rule.action == entry.allow
        let isKnown = isAllow || rule.action == "Deny" || (rule.action == "Pass" && entry.mayPass)
        guard isKnown, isSound(rule, isAllow: isAllow, egress: egress) else { return isAllow ? nil : .deny }
        guard portsMatch(rule.ports, target, transport, port) else { return nil }
        let matches = (rule.peers ?? []).map { peerMatch($0, other) }
        if isAllow { return matches.contains(.certainly) ? .allow : nil }
        if rule.action == "Deny" { return matches.contains { $0 != .no } ? .deny : nil }
        if matches.contains(.certainly) { return .pass }
        return matches.contains(.perhaps) ? .deny : nil
    }
}
