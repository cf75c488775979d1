import APIMachinery
import ClusterAPI
import EgressNames
import NetworkTypes

extension CompiledPolicy {
    /// What the pods of a namespace may reach outside: see `docs/design/egress-firewall.md`.
    ///
    /// - Parameters:
    ///   - rivals: The other objects of the namespace that say the same kind of thing: nobody knows which holds.
    ///   - ranges: Where pods have their addresses, known ones and others.
    init(_ form: EgressFirewallForm, rivals: [PolicyReference], ranges: [AddressBlock]) {
        place = PolicyPlace(tier: .egressFirewall, priority: 0, policy: form.reference)
        subject = PolicySubject(namespaces: .named(form.reference.key.namespace), pods: LabelSelector())
        ingress = nil
        let names = EgressNameRules(form)
        diagnostics = Self.problems(form, names, rivals)
        let rules = (form.spec?.egress ?? []).enumerated()
            .compactMap { CompiledRule($1, index: $0, names.selectors[$0], of: form) }
        egress = [.inside(ranges)] + (diagnostics.isEmpty ? rules : [.everythingDenied(nil)])
    }

    private static func problems(
        _ form: EgressFirewallForm, _ names: EgressNameRules, _ rivals: [PolicyReference]
    ) -> [PolicyDiagnostic] {
        func problem(_ path: String, _ message: String) -> PolicyDiagnostic {
            PolicyDiagnostic(
                kind: form.reference.kind, policy: form.reference.key, path: path, message: message,
                consequence: "nothing leaves the cluster from namespace \(form.reference.key.namespace)")
        }
        let errors = form.errors.map { problem($0.field, $0.body) }
        let told = Set(form.errors.map(\.field))
        let named = names.problems.sorted { $0.key < $1.key }
            .map { (path: "spec.egress[\($0)].to.dnsName", message: $1) }
            .filter { !told.contains($0.path) }.map { problem($0.path, $0.message) }
        return errors + named
            + (form.spec == nil && errors.isEmpty ? [problem("spec", "it cannot be read")] : [])
            + rivals.sorted().map { problem("metadata.name", "\($0) is about the same namespace: keep one of them") }
    }
}

extension CompiledRule {
    /// What goes to pods is left to the other tiers.
    fileprivate static func inside(_ ranges: [AddressBlock]) -> CompiledRule {
        var peers = [PeerSetDefinition.pods(.matching(LabelSelector()), LabelSelector())]
        if !ranges.isEmpty { peers.append(.networks(ranges)) }
        return CompiledRule(index: nil, name: nil, action: .pass, peers: peers, ports: .all, namedSets: [])
    }

    /// A valid rule; nil for one that is about nobody: a Deny by name keeps the name from later rules, and that is all.
    ///
    /// Allow leaves it to the next tiers: a firewall never opens what a policy closes.
    fileprivate init?(
        _ rule: EgressFirewallSpec.Rule, index: Int, _ names: NameSelector?, of form: EgressFirewallForm
    ) {
        let peers: [PeerSetDefinition]?
        if let cidr = rule.to?.cidrSelector, let network = CIDR(cidr) {
            peers = form.isEverything(cidr) ? nil : PeerSetDefinition.of([AddressBlock(network: network, holes: [])])
        } else if let nodes = rule.to?.nodeSelector {
            peers = [.nodes(nodes.normalized)]
        } else if let names {
            peers = [.names(names)]
        } else {
            return nil
        }
        let matches = (rule.ports ?? []).compactMap { port -> PortMatch? in
            guard let transport = TransportProtocol(rawValue: port.protocol), let number = UInt16(exactly: port.port)
            else { return nil }
            return PortMatch(transport, PortRange(number))
        }
        self.init(
            index: index, name: nil, action: rule.type == "Allow" ? .pass : .deny, peers: peers,
            ports: CompiledPorts(isAll: matches.isEmpty, numbered: Set(matches), named: []), namedSets: [])
    }
}
