package import AddressAllocation
package import ClusterAPI
import FailoverModel
package import NetworkTypes

/// Addresses at which the cluster answers others: no pod is to appear outside with one of them.
///
/// Two would announce one address, and answers to what pods send would come to a service.
package struct TakenAddresses: Sendable {
    /// By address, whose it is, in words that follow "it".
    package private(set) var words: [IPAddress: String] = [:]
    /// Networks that services are given addresses of, now or later.
    package private(set) var ranges: [(range: CIDR, words: String)] = []

    /// - Parameter rules: Which addresses from outside services may have; nodes serve no others.
    package init(services: some Sequence<Service>, rules: ExternalIPRules, groups: some Sequence<FailoverGroup>) {
        for pool in rules.pools {
            ranges.append(
                (
                    pool.range,
                    "it is in \(pool.range), of which ExternalIPPolicy \(pool.policy) gives services addresses"
                ))
        }
        for service in services {
            let own = service.clusterAddressTexts.compactMap { IPAddress($0) }
            let chosen = service.externalAddresses.filter { rules.reason(against: $0) == nil }
            let given = service.balancerAddresses.filter { rules.reason(againstGiven: $0) == nil }
            for address in own + chosen + given { words[address] = "it is an address of Service \(service.key)" }
        }
        for group in groups {
            for text in group.spec?.addresses ?? [] {
                for address in FailoverAddresses.parse(text).addresses {
                    words[address] = "it is an address of FailoverGroup \(group.key.name)"
                }
            }
        }
    }
}
