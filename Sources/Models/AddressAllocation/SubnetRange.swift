package import NetworkTypes

/// A range of the pod network, cut into node subnets of 2^`hostBits` addresses that are counted from 0.
///
/// When host bits and subnet bits share an octet, that octet's subnet bits count last: of 10.1.0.0/16 with 6 host bits
/// the first are 10.1.0.0/26, 10.1.1.0/26 … 10.1.255.0/26, then 10.1.0.64/26. People can then tell nodes apart by whole
/// octets for as long as there are few. This is the order in which OpenShift SDN hands subnets out.
package struct SubnetRange: Hashable, Sendable, CustomStringConvertible {
    package let cidr: CIDR
    package let hostBits: Int

    /// Host bits must leave room for a node and a pod, and fit into the range.
    package init(_ cidr: CIDR, hostBits: Int) throws(AllocationError) {
        let most = cidr.family.bitWidth - cidr.prefixLength
        guard (2...126).contains(hostBits), hostBits <= most else {
            throw .invalid(
                field: "hostSubnetLength",
                problem: "\(hostBits) host bits do not fit \(cidr); write 2 to \(min(most, 126))")
        }
        self.cidr = cidr
        self.hostBits = hostBits
    }

    package var description: String { "\(cidr) (\(hostBits) host bits)" }

    private var subnetBits: Int { cidr.family.bitWidth - cidr.prefixLength - hostBits }

    /// How many of the subnet bits stand in the octet that the host part begins in; 0 when nothing has to be rotated.
    private var sharedBits: Int {
        let shared = (8 - hostBits % 8) % 8
        return subnetBits > shared ? shared : 0
    }

    /// The number of node subnets.
    package var count: UInt128 { UInt128(1) << UInt128(subnetBits) }

    /// The subnet with this number; nil when there are not so many.
    package func subnet(number: UInt128) -> CIDR? {
        guard number < count else { return nil }
        let high = UInt128(subnetBits - sharedBits)
        let position = (number & ((1 << high) - 1)) << UInt128(sharedBits) | number >> high
        let bits = cidr.address.bits | position << UInt128(hostBits)
        return CIDR(
            IPAddress(family: cidr.family, bits: bits), prefixLength: cidr.family.bitWidth - hostBits)
    }

    /// The number of a subnet of exactly this size in this range.
    package func number(of subnet: CIDR) -> UInt128? {
        guard cidr.contains(subnet), subnet.prefixLength == cidr.family.bitWidth - hostBits else { return nil }
        let position = (subnet.address.bits - cidr.address.bits) >> UInt128(hostBits)
        let shared = UInt128(sharedBits)
        let high = UInt128(subnetBits - sharedBits)
        return position >> shared | (position & ((1 << shared) - 1)) << high
    }
}
