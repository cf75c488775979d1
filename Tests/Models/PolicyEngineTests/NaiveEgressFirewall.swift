import ClusterAPI
import NetworkTypes
import PolicyEngine

/// A second reading of egress firewalls, word by word, without shared code.
struct NaiveEgressFirewall {
    let world: NaiveSemantics

    private struct Object {
        let spec: EgressFirewallSpec?
        let isOld: Bool
        let name: String
    }

    /// Whether what leaves the cluster from a pod is stopped on its way to the other end.
    func closes(_ pod: Pod, _ end: NaiveSemantics.End, _ transport: TransportProtocol, _ port: UInt16?) -> Bool {
        let namespace = pod.metadata.namespace ?? ""
        let objects =
            world.firewalls.filter { $0.metadata.namespace == namespace }.map {
                Object(spec: $0.spec, isOld: false, name: $0.key.name)
            }
            + world.egressPolicies.filter { $0.metadata.namespace == namespace }.map {
                Object(spec: $0.spec, isOld: true, name: $0.key.name)
            }
        guard let object = objects.first else { return false }
        if isInside(end) { return false }
        if objects.count > 1 || !isSound(object) { return true }
        let rules = object.spec?.egress ?? []
        for (index, rule) in rules.enumerated() {
            if let name = rule.to?.dnsName {
                guard rule.type == "Allow", portsMatch(rule, transport, port) else { continue }
                let denied = rules[..<index].filter { $0.type == "Deny" }.compactMap(\.to?.dnsName)
                let isOpen = world.told.contains { told in
                    told.address == end.address && Self.means(name, told.name)
                        && !denied.contains { Self.means($0, told.name) }
                }
                if isOpen { return false }
            } else if concerns(rule, object, end, transport, port) {
                return rule.type == "Deny"
            }
        }
        return false
    }

    /// One star is one label, two are at least one.
    private static func means(_ text: String, _ name: String) -> Bool {
        if text.hasPrefix("**.") { return name.hasSuffix(text.dropFirst(2)) }
        guard text.hasPrefix("*.") else { return text == name }
        return name.hasSuffix(text.dropFirst()) && name.dropLast(text.count - 1).allSatisfy { $0 != "." }
    }

    /// A name can be denied only where nothing but names is allowed after it, and the rest is denied in the end.
    private func deniesInVain(_ rules: [EgressFirewallSpec.Rule], _ isOld: Bool) -> Bool {
        var families: Set<String> = []
        var end: Int?
        for (index, rule) in rules.enumerated() where end == nil && (rule.ports ?? []).isEmpty {
            switch rule.to?.cidrSelector {
            case "0.0.0.0/0", "0.0.0.0/32":
                if isOld { end = index } else { families.insert(rule.to?.cidrSelector ?? "") }
            case "::/0": families.insert("::/0")
            default: break
            }
            if families.isSuperset(of: ["0.0.0.0/0", "::/0"]) { end = index }
        }
        for (index, rule) in rules.enumerated() where rule.type == "Deny" && rule.to?.dnsName != nil {
            if !(rule.ports ?? []).isEmpty { return true }
            guard let end else { return true }
            if index > end { continue }
            if rules[index...end].contains(where: { $0.type == "Allow" && $0.to?.dnsName == nil }) { return true }
        }
        return false
    }

    private func isInside(_ end: NaiveSemantics.End) -> Bool {
        end.pod != nil || end.address.map { world.tenancy.isInPodRanges($0) } ?? false
    }

    private func isSound(_ object: Object) -> Bool {
        guard let spec = object.spec else { return false }
        if !object.isOld, object.name != "default" || spec.egress == nil { return false }
        if deniesInVain(spec.egress ?? [], object.isOld) { return false }
        return (spec.egress ?? []).allSatisfy { rule in
            guard ["Allow", "Deny"].contains(rule.type), let to = rule.to else { return false }
            let given = [to.cidrSelector != nil, to.dnsName != nil, to.nodeSelector != nil]
            guard given.filter({ $0 }).count == 1 else { return false }
            if let cidr = to.cidrSelector, CIDR(cidr) == nil { return false }
            if object.isOld, to.dnsName?.hasPrefix("*") == true { return false }
            if object.isOld, to.nodeSelector != nil || rule.ports != nil { return false }
            let operators = (to.nodeSelector?.matchExpressions ?? []).map(\.operator.rawValue)
            if operators.contains(where: { !["In", "NotIn", "Exists", "DoesNotExist"].contains($0) }) { return false }
            return (rule.ports ?? []).allSatisfy {
                ["TCP", "UDP", "SCTP"].contains($0.protocol) && (1...65535).contains($0.port)
            }
        }
    }

    private func concerns(
        _ rule: EgressFirewallSpec.Rule, _ object: Object, _ end: NaiveSemantics.End, _ transport: TransportProtocol,
        _ port: UInt16?
    ) -> Bool {
        guard portsMatch(rule, transport, port) else { return false }
        if let cidr = rule.to?.cidrSelector {
            if object.isOld, cidr == "0.0.0.0/0" || cidr == "0.0.0.0/32" { return true }
            guard let address = end.address else { return false }
            return CIDR(cidr)?.contains(address) == true
        }
        if let selector = rule.to?.nodeSelector {
            guard let address = end.address else { return false }
            return world.nodes.contains { node in
                world.labelsMatch(selector, node.metadata.labels ?? [:])
                    && (node.status?.addresses ?? []).contains { IPAddress($0.address) == address }
            }
        }
        return false
    }

    private func portsMatch(_ rule: EgressFirewallSpec.Rule, _ transport: TransportProtocol, _ port: UInt16?) -> Bool {
        guard let ports = rule.ports, !ports.isEmpty else { return true }
        return port.map { port in
            ports.contains { $0.protocol == transport.rawValue && $0.port == Int(port) }
        } ?? false
    }
}
