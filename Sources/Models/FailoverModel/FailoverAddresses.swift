package import NetworkTypes

/// The addresses that a FailoverGroup's texts name.
package enum FailoverAddresses {
    /// There are no more virtual router ids than this.
    package static let limit = 255

    /// An address, a network or a range `FIRST-LAST` in the order of its addresses; nil with the reason for other texts.
    ///
    /// The network's own address and IPv4's broadcast are left out of networks that have room for others.
    package static func parse(_ text: String) -> (addresses: [IPAddress], problem: String?) {
        if let address = IPAddress(text) { return checked(address, address, text) }
        if let network = CIDR(text) {
            let hostBits = network.family.bitWidth - network.prefixLength
            if hostBits > 8 { return ([], tooMany) }
            guard hostBits > 1 else { return checked(network.address, network.lastAddress, text) }
            let last = (UInt128(1) << UInt128(hostBits)) - (network.family == .v4 ? 2 : 1)
            guard let first = network.address.advanced(by: 1), let end = network.address.advanced(by: last) else {
                return ([], notUnderstood)
            }
            return checked(first, end, text)
        }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let first = IPAddress(ends[0]), let last = IPAddress(ends[1]),
            first.family == last.family, first <= last
        else { return ([], notUnderstood) }
        return checked(first, last, text)
    }

    private static let tooMany = "has more than \(limit) addresses, and there are no more virtual router ids"
    private static let notUnderstood =
        "is no address, no network such as 192.0.2.0/28, and no range such as 192.0.2.10-192.0.2.19"

    private static func checked(
        _ first: IPAddress, _ last: IPAddress, _ text: String
    ) -> (addresses: [IPAddress], problem: String?) {
        guard last.bits - first.bits < UInt128(limit) else { return ([], tooMany) }
        var addresses: [IPAddress] = []
        for distance in 0...(last.bits - first.bits) {
            guard let address = first.advanced(by: distance) else { break }
            if address.isUnspecified || address.isLoopback || address.isLinkLocal || address.isMulticast {
                return ([], "has \(address), which is no address of one host that others could send to")
            }
            addresses.append(address)
        }
        return (addresses, nil)
    }
}
