import ClusterAPI
import NetworkTypes

extension NaiveSemantics {
    /// Whether a pod is kept from the cloud's metadata.
    func closesMetadata(_ pod: Pod, _ to: End, _ transport: TransportProtocol, _ port: UInt16?) -> Bool {
        guard ["169.254.169.254", "fd00:ec2::254"].contains(to.address?.description) else { return false }
        if transport != .icmp, transport != .sctp, port == 53 { return false }
        return !accesses.contains { NaiveTiers(world: self).selects($0.spec?.subject, pod) == true }
    }
}
