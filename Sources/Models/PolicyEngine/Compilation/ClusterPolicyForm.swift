import APIMachinery
import ClusterAPI
import NetworkTypes

/// What the kinds of cluster-wide policies have in common, with what is wrong in the field paths of the kind itself.
struct ClusterPolicyForm {
    let kind: PolicyKind
    let key: ObjectKey
    let tier: Tier
    /// Nil if it is missing where there must be one.
    let priority: Int?
    let subject: ClusterPolicySubject?
    /// Nil for a policy of which nothing can be read.
    let rules: (ingress: [Rule], egress: [Rule])?
    let errors: [FieldError]

    struct Rule {
        let name: String?
        /// Nil for one that cannot be understood.
        let action: RuleAction?
        let peers: [ClusterPolicyPeer]
        /// Nil for everything.
        let ports: [Port]?
    }

    enum Port {
        case numbered(PortMatch)
        /// Of any protocol.
        case named(String)
    }

    init(_ policy: AdminNetworkPolicy) {
        self.init(
            .adminNetworkPolicy, policy.key, .admin, policy.spec, priority: policy.spec?.priority,
            ClusterPolicyValidation.errors(in: policy))
    }

    /// Comes after every ClusterNetworkPolicy of its tier; one that is not named `default` has no rules.
    init(_ policy: BaselineAdminNetworkPolicy) {
        let isTheOne = policy.key.name == "default"
        self.init(
            .baselineAdminNetworkPolicy, policy.key, .baseline,
            isTheOne
                ? policy.spec : AdminNetworkPolicySpec(subject: ClusterPolicySubject(namespaces: LabelSelector())),
            priority: PolicyPlace.last, ClusterPolicyValidation.errors(in: policy))
    }

    private init(
        _ kind: PolicyKind, _ key: ObjectKey, _ tier: Tier, _ spec: AdminNetworkPolicySpec?, priority: Int?,
        _ errors: [FieldError]
    ) {
        self.kind = kind
        self.key = key
        self.tier = tier
        self.priority = priority
        self.errors = errors
        subject = spec?.subject
        rules = spec.map { spec in
            (
                (spec.ingress ?? []).map { Rule($0, peers: $0.from, kind) },
                (spec.egress ?? []).map { Rule($0, peers: $0.to, kind) }
            )
        }
    }

    /// An unknown tier counts as Admin, where a deny has the most weight.
    init(_ policy: ClusterNetworkPolicy) {
        kind = .clusterNetworkPolicy
        key = policy.key
        tier = policy.spec?.tier == "Baseline" ? .baseline : .admin
        priority = policy.spec?.priority
        errors = ClusterPolicyValidation.errors(in: policy)
        subject = policy.spec?.subject
        rules = policy.spec.map { spec in
            ((spec.ingress ?? []).map { Rule($0, peers: $0.from) }, (spec.egress ?? []).map { Rule($0, peers: $0.to) })
        }
    }
}

extension ClusterPolicyForm.Rule {
    fileprivate init(_ rule: AdminNetworkPolicySpec.Rule, peers: [ClusterPolicyPeer]?, _ kind: PolicyKind) {
        name = rule.name
        self.peers = peers ?? []
        ports = rule.ports.map { $0.compactMap(\.form) }
        switch rule.action {
        case "Allow": action = .allow
        case "Deny": action = .deny
        case "Pass" where kind == .adminNetworkPolicy: action = .pass
        default: action = nil
        }
    }

    fileprivate init(_ rule: ClusterNetworkPolicySpec.Rule, peers: [ClusterPolicyPeer]?) {
        name = rule.name
        self.peers = peers ?? []
        ports = rule.protocols.map { $0.compactMap(\.form) }
        switch rule.action {
        case "Accept": action = .allow
        case "Deny": action = .deny
        case "Pass": action = .pass
        default: action = nil
        }
    }
}

extension AdminNetworkPolicySpec.Port {
    /// Nil for what validation refuses.
    fileprivate var form: ClusterPolicyForm.Port? {
        if let namedPort { return .named(namedPort) }
        if let portNumber { return .numbers(portNumber.protocol, portNumber.port, portNumber.port) }
        return portRange.flatMap { .numbers($0.protocol, $0.start, $0.end) }
    }
}

extension ClusterNetworkPolicySpec.TransportMatch {
    /// Nil for what validation refuses.
    fileprivate var form: ClusterPolicyForm.Port? {
        if let destinationNamedPort { return .named(destinationNamedPort) }
        for (transport, ports) in [(TransportProtocol.tcp, tcp), (.udp, udp), (.sctp, sctp)] {
            guard let ports else { continue }
            guard let port = ports.destinationPort else { return .numbered(PortMatch(transport, .all)) }
            let first = port.number ?? port.range?.start
            return .numbers(transport.rawValue, first, port.number ?? port.range?.end)
        }
        return nil
    }
}

extension ClusterPolicyForm.Port {
    fileprivate static func numbers(_ transport: String?, _ first: Int?, _ last: Int?) -> Self? {
        guard let transport = TransportProtocol(rawValue: transport ?? "TCP"), let first, let last,
            let first = UInt16(exactly: first), let last = UInt16(exactly: last),
            let range = PortRange(first, through: last)
        else { return nil }
        return .numbered(PortMatch(transport, range))
    }
}
