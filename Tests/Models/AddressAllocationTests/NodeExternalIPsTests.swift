import AddressAllocation
import ClusterAPI
import NetworkTypes
import Testing

/// What nodes serve, as policies and ranges come and go.
@Suite struct NodeExternalIPsTests {
    private static let address = IPAddress(v4: 0xC000_0207)

    private static func policy(_ allowed: String) -> ExternalIPPolicy {
        ExternalIPPolicy(name: "p", spec: ExternalIPPolicySpec(allowedCIDRs: [allowed]))
    }

    private static func ranges(_ texts: String...) -> [CIDR] { texts.compactMap { CIDR($0) } }

    @Test("rules are new after a change of policies or ranges, and only then")
    func changes() {
        var addresses = NodeExternalIPs()
        var steps: [(what: String, isNew: Bool, isServed: Bool)] = []
        func note(_ what: String, _ change: (inout NodeExternalIPs) -> Void) {
            change(&addresses)
            let isNew = addresses.takeChangedRules() != nil
            steps.append((what, isNew, addresses.rules.reason(against: Self.address) == nil))
        }
        note("nothing") { _ in }
        note("allowed") { $0.upsert(Self.policy("192.0.2.0/24")) }
        note("again") { $0.upsert(Self.policy("192.0.2.0/24")) }
        note("ranges elsewhere") {
            $0.reserve(pods: Self.ranges("10.128.0.0/14"), services: Self.ranges("172.30.0.0/16"), subnets: [])
        }
        note("a subnet within") {
            $0.reserve(
                pods: Self.ranges("10.128.0.0/14"), services: Self.ranges("172.30.0.0/16"),
                subnets: Self.ranges("10.128.2.0/23"))
        }
        note("a subnet of its own") {
            $0.reserve(
                pods: Self.ranges("10.128.0.0/14"), services: Self.ranges("172.30.0.0/16"),
                subnets: Self.ranges("192.0.2.0/28"))
        }
        note("for services") { $0.reserve(pods: [], services: Self.ranges("192.0.2.0/24"), subnets: []) }
        note("for nobody") { $0.reserve(pods: [], services: [], subnets: []) }
        note("another policy of the name") { $0.upsert(Self.policy("198.51.100.0/24")) }
        note("gone") { $0.removePolicy("p") }
        note("gone before") { $0.removePolicy("p") }
        #expect(
            steps.map { "\($0.what): \($0.isNew) \($0.isServed)" } == [
                "nothing: false false", "allowed: true true", "again: false true", "ranges elsewhere: true true",
                "a subnet within: false true", "a subnet of its own: true false", "for services: true false",
                "for nobody: true true", "another policy of the name: true false", "gone: true false",
                "gone before: false false",
            ])
    }
}
