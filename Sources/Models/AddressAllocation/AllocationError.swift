package import NetworkTypes

/// Why an address, a subnet or an id could not be given.
///
/// Nothing has changed when one of these is thrown.
package enum AllocationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A field of a ClusterNetwork that cannot be used.
    case invalid(field: String, problem: String)
    /// Two ranges that must be apart share addresses.
    case overlap(String, CIDR, String, CIDR)
    /// Every node subnet of these ranges is taken.
    case subnetsExhausted(ranges: [SubnetRange], family: IPAddress.Family)
    /// Every pod address of a subnet is taken.
    case addressesExhausted(subnet: CIDR, used: Int, capacity: UInt128)
    /// No subnet to take pod addresses from.
    case noSubnet
    /// The address belongs to somebody else.
    case taken(IPAddress, by: AddressOwner)
    /// Every network id is taken.
    case netIDsExhausted(used: Int)

    package var description: String {
        switch self {
        case .invalid(let field, let problem): "\(field): \(problem)"
        case .overlap(let name, let range, let otherName, let other):
            "\(name) \(range) overlaps \(otherName) \(other); choose ranges that share no address"
        case .subnetsExhausted(let ranges, let family):
            "no free IPv\(family.rawValue) node subnet in \(ranges.map(\.description).joined(separator: ", ")); "
                + "add a range to clusterNetworks"
        case .addressesExhausted(let subnet, let used, let capacity):
            "no free address in \(subnet): \(used) of \(capacity) are in use; delete pods or use a larger hostSubnetLength"
        case .noSubnet: "the node has no pod subnet yet; is the controller running?"
        case .taken(let address, let owner): "\(address) belongs to \(owner)"
        case .netIDsExhausted(let used): "no free network id: \(used) namespaces hold all of them"
        }
    }
}
