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
        for rule in object.spec?.egress ?? [] where concerns(rule, object, end, transport, port) {
            return rule.type == "Deny"
        }
        return false
    }

    private func isInside(_ end: NaiveSemantics.End) -> Bool {
        end.pod != nil || end.address.map { world.tenancy.isInPodRanges($0) } ?? false
    }

    private func isSound(_ object: Object) -> Bool {
        guard let spec = object.spec else { return false }
        if !object.isOld, object.name != "default" || spec.egress == nil { return false }
        return (spec.egress ?? []).allSatisfy { rule in
            guard ["Allow", "Deny"].contains(rule.type), let to = rule.to else { return false }
            let given = [to.cidrSelector != nil, to.dnsName != nil, to.nodeSelector != nil]
            guard given.filter({ $0 }).count == 1 else { return false }
            if let cidr = to.cidrSelector, CIDR(cidr) == nil { return false }
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
        if let ports = rule.ports, !ports.isEmpty {
            guard let port, ports.contains(where: { $0.protocol == transport.rawValue && $0.port == Int(port) }) else {
                return false
            }
        }
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
        // Names are not known yet: an Allow is about nobody, a Deny about everyone.
        return rule.type == "Deny"
    }
}
