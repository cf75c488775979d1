import CLinux
package import LinkState
import LinuxSystem
import NetworkTypes

extension Rtnetlink {
    /// Adds an address that the machine does not choose by itself as the source of what it sends.
    ///
    /// Of IPv6, which chooses by how alike source and destination are; of IPv4 the address with the network goes first.
    package func addDeprecated(_ address: LinkState.Address) throws {
        let what = "add address \(address)"
        guard let index = try index(of: address.device) else {
            throw RoutingError(what: what, reason: "there is no \(address.device)", namespace: namespace)
        }
        var message = RouteMessages.address(address, index: index, add: true)
        if address.address.family == .v6 {
            let lifetimes = ifa_cacheinfo(ifa_prefered: 0, ifa_valid: .max, cstamp: 0, tstamp: 0)
            message.payload.put(IFA_CACHEINFO, structure: lifetimes)
        }
        try request(what, message)
    }
}
