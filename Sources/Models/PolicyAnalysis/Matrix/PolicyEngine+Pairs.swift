import ClusterAPI
import NetworkTypes
import PolicyEngine

extension PolicyEngine {
    /// Whether the network promises this traffic whatever policies say: one pod, or a pod and its own node.
    func isPromised(_ from: Member, _ to: Member) -> Bool {
        if from.party == to.party { return true }
        if let pod = from.pod, isOwnNode(of: pod, to.party) { return true }
        if let pod = to.pod, isOwnNode(of: pod, from.party) { return true }
        return false
    }

    /// A pair of members about which policies decide; nil if there is none.
    func decidedPair(_ from: EndpointClass, _ to: EndpointClass) -> (from: Member, to: Member)? {
        decidedPair(from.members, to.members, mayBePromised: from.kind == .nodes || to.kind == .nodes)
    }

    /// - Parameter mayBePromised: False if neither side is a node: then only one pod with itself is out of the question.
    func decidedPair(
        _ from: [Member], _ to: [Member], mayBePromised: Bool
    ) -> (from: Member, to: Member)? {
        for source in from {
            for destination in to where source.party != destination.party {
                if !mayBePromised || !isPromised(source, destination) { return (source, destination) }
            }
        }
        return nil
    }

    /// How a flow names its ends in one address family.
    func parties(_ pair: (from: Member, to: Member), _ family: IPAddress.Family?) -> (Party, Party) {
        guard let family, let source = address(of: pair.from, family), let destination = address(of: pair.to, family)
        else { return (pair.from.party, pair.to.party) }
        let isFirst =
            addresses(of: pair.from.party).first { address in
                addresses(of: pair.to.party).contains { $0.family == address.family }
            } == source
        return isFirst ? (pair.from.party, pair.to.party) : (.address(source), .address(destination))
    }

    private func address(of member: Member, _ family: IPAddress.Family) -> IPAddress? {
        addresses(of: member.party).first { $0.family == family }
    }
}
