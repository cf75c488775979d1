import NetworkTypes

/// One flow as the node that saw it knows it: who, what, whether it may, by which rules, when, and how much.
package struct FlowRecord: Hashable, Sendable, Codable {
    package enum Verdict: String, Hashable, Sendable, Codable, CaseIterable {
        case allowed
        case denied
    }

    /// What one direction says.
    package struct Decision: Hashable, Sendable, Codable {
        package var allowed: Bool
        package var rule: String
        /// The policy whose rule it is, by kind and name, or a fixed word in brackets where no single one decided.
        package var policy: String?

        package init(allowed: Bool, rule: String, policy: String? = nil) {
            self.allowed = allowed
            self.rule = rule
            self.policy = policy
        }
    }

    package struct Traffic: Hashable, Sendable, Codable {
        package var packets: UInt64
        package var bytes: UInt64

        package init(packets: UInt64 = 0, bytes: UInt64 = 0) {
            self.packets = packets
            self.bytes = bytes
        }
    }

    /// Unique on its node, ascending with time.
    package var id: Int64
    /// The node whose kernel saw it.
    package var observer: String
    package var ipProtocol: UInt8
    package var source: FlowEndpoint
    package var destination: FlowEndpoint
    /// ICMP's type, and the id of an echo.
    package var icmpType: UInt8?
    package var icmpID: UInt16?
    package var verdict: Verdict
    /// The source's side and the destination's side, by the policy engine; nil when neither was asked.
    package var egress: Decision?
    package var ingress: Decision?
    /// The name under which the kernel dropped it (`drop_policy` for the default deny of policies); nil when this node let
    /// it pass.
    package var drop: String?
    /// The kernel's chain in which a rule or default of policies dropped it: one for each rule and direction.
    package var chain: String?
    /// What would be decided if all that is staged were enforced; nil while nothing is, and for drops of the kernel's own.
    package var staged: Decision?
    /// How it leaves the cluster with an egress address; nil for others, and until the connection was looked at.
    package var exit: FlowExit?
    /// Microseconds since 1970.
    package var start: Int64
    /// When something of it was last seen to have changed.
    package var last: Int64
    /// Nil while it goes on.
    package var end: Int64?
    /// From source to destination, and back.
    package var forward: Traffic
    package var backward: Traffic
    /// True when the kernel counted every packet; else only those that were reported are counted.
    package var isCounted: Bool

    package init(
        id: Int64 = 0, observer: String, ipProtocol: UInt8, source: FlowEndpoint, destination: FlowEndpoint,
        verdict: Verdict, start: Int64
    ) {
        self.id = id
        self.observer = observer
        self.ipProtocol = ipProtocol
        self.source = source
        self.destination = destination
        self.verdict = verdict
        self.start = start
        last = start
        forward = Traffic()
        backward = Traffic()
        isCounted = false
    }

    package var key: FlowKey {
        var key = FlowKey(
            ipProtocol: ipProtocol, source: source.address, destination: destination.address,
            sourcePort: source.port ?? 0, destinationPort: destination.port ?? 0)
        if let icmpType { key.setICMP(type: icmpType, id: icmpID ?? 0) }
        return key
    }

    /// Whether policies decided about it: about a drop of the kernel's own they are not asked.
    package var isJudgedByPolicies: Bool { drop.map(FlowVerdict.decidedDrops.contains) ?? true }

    /// `TCP`, or the number of a protocol that policies do not know.
    package var protocolName: String {
        TransportProtocol.allCases.first { $0.number(source.address.family) == ipProtocol }?.rawValue
            ?? "\(ipProtocol)"
    }

    /// What decided, in one line.
    ///
    /// The kernel's name for a drop that is no policy's, else the denying rules, or both
    /// directions' when it is allowed.
    package var rule: String {
        if let drop, !isJudgedByPolicies { return drop }
        let both = [egress, ingress].compactMap(\.self)
        let texts = (verdict == .allowed ? both : both.filter { !$0.allowed }).map(\.rule)
        if texts.isEmpty { return drop ?? "" }
        return texts.count == 2 && texts[0] == texts[1] ? texts[0] : texts.joined(separator: "; ")
    }
}
