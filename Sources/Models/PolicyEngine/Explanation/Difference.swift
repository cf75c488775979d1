package import ClusterAPI
package import EgressNames
package import NetworkTypes

/// One fact that keeps a rule from matching a flow, or a policy from selecting a pod.
package enum Difference: Hashable, Sendable {
    /// Selectors are about pods on networks of their own, and the end is a node or outside.
    case notAPod
    /// The peer is in one namespace, and the pod in another.
    case namespace(wanted: String, has: String)
    /// The namespace's object was not seen yet, so that its labels are not known.
    case namespaceUnseen(String)
    /// Projects with this one's VNID, or the global ones, are meant, and the pod's project has another.
    case otherNetwork(project: String)
    /// Namespaces that are in no zone, or in several, are meant, and this one is in exactly one.
    case inOneZone(String)
    case namespaceLabel(LabelDifference)
    case podLabel(LabelDifference)
    case notANode
    /// No node that the selector matches has the address.
    case otherNode(LabelSelector)
    /// Nobody was told that a name of these has the address.
    case otherName(NameSelector, IPAddress)
    case outsideBlocks([CIDR])
    /// In the block, but cut out of it again.
    case inException(CIDR, of: CIDR)
    /// Blocks are asked for an address, and the pod has none yet.
    case noAddress
    /// The rule names ports of other protocols only.
    case transport(wanted: [PortMatch], has: TransportProtocol)
    /// ICMP has no ports: only a rule without any is about it.
    case portsOfICMP(wanted: [PortMatch])
    case port(wanted: [PortMatch], has: UInt16)
    /// The name of a port, with the numbers that it has on the destination: none if the pod declares no such port.
    case namedPort(String, TransportProtocol, numbers: [UInt16])
}

/// A requirement of a selector that labels do not meet.
package struct LabelDifference: Hashable, Sendable {
    /// A label that must have one value is written as `In` with that value.
    package let requirement: LabelSelector.Requirement
    /// The value of the label; nil without it.
    package let has: String?

    package init(_ requirement: LabelSelector.Requirement, has: String?) {
        self.requirement = requirement
        self.has = has
    }
}

extension LabelSelector {
    /// Every requirement that the labels do not meet, by key.
    package func differences(_ labels: [String: String]) -> [LabelDifference] {
        let equalities = (matchLabels ?? [:]).sorted { $0.key < $1.key }
            .map { Requirement(key: $0.key, operator: .in, values: [$0.value]) }
        return (equalities + (matchExpressions ?? [])).filter { !$0.matches(labels) }
            .map { LabelDifference($0, has: labels[$0.key]) }
    }
}
