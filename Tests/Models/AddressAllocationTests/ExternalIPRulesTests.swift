import AddressAllocation
import ClusterAPI
import NetworkTypes
import Testing

@Suite struct ExternalIPRulesTests {
    static func policy(
        _ name: String = "lab", allowed: [String]? = nil, rejected: [String]? = nil, pool: [String]? = nil
    ) -> ExternalIPPolicy {
        ExternalIPPolicy(
            name: name,
            spec: ExternalIPPolicySpec(allowedCIDRs: allowed, rejectedCIDRs: rejected, autoAssignCIDRs: pool))
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var policies: [ExternalIPPolicy] = []
        var unreadable: [String] = []
        let address: String
        /// What the reason says; nil for an address that may be chosen.
        let reason: String?
        var testDescription: String { "\(address): \(reason ?? "allowed")" }
    }

    private static let lab = policy(allowed: ["192.0.2.0/24", "2001:db8::/64"], rejected: ["192.0.2.128/25"])

    static let cases = [
        Case(address: "192.0.2.1", reason: "there is no ExternalIPPolicy"),
        Case(policies: [policy()], address: "192.0.2.1", reason: "in allowedCIDRs of no ExternalIPPolicy"),
        Case(policies: [lab], address: "192.0.2.1", reason: nil),
        Case(policies: [lab], address: "2001:db8::7", reason: nil),
        Case(policies: [lab], address: "198.51.100.1", reason: "in allowedCIDRs of no ExternalIPPolicy"),
        Case(
            policies: [lab], address: "192.0.2.200",
            reason: #"in 192.0.2.128/25, which the ExternalIPPolicy "lab" rejects"#),
        Case(
            policies: [lab, policy("other", allowed: ["192.0.2.200/32"])], address: "192.0.2.200", reason: "rejects"),
        Case(policies: [lab, policy("other", allowed: ["198.51.100.0/24"])], address: "198.51.100.1", reason: nil),
        Case(policies: [policy(pool: ["192.0.2.0/24"])], address: "192.0.2.1", reason: "in allowedCIDRs of no"),
        Case(policies: [policy(allowed: ["0.0.0.0/0"])], address: "172.30.0.10", reason: "for pods and services"),
        Case(policies: [policy(allowed: ["0.0.0.0/0"])], address: "224.0.0.5", reason: "no address of one host"),
        Case(policies: [policy(allowed: ["0.0.0.0/0"])], address: "127.0.0.1", reason: "no address of one host"),
        Case(
            policies: [policy(allowed: ["0.0.0.0/0"], rejected: ["10.0.0.0"])], address: "192.0.2.1",
            reason: #""lab" cannot be understood"#),
        Case(policies: [lab], unreadable: ["x"], address: "192.0.2.1", reason: #""x" cannot be understood"#),
        Case(unreadable: ["x"], address: "192.0.2.1", reason: #""x" cannot be understood"#),
        Case(policies: [policy(allowed: ["192.0.2.0/24", "?"])], address: "192.0.2.1", reason: nil),
    ]

    @Test(
        "an address may be chosen that a policy allows and none rejects, and never one of the cluster's",
        arguments: cases)
    func chooses(_ wanted: Case) throws {
        let rules = ExternalIPRules(
            wanted.policies, unreadable: wanted.unreadable, reserved: [try #require(CIDR("172.30.0.0/16"))])
        let reason = rules.reason(against: try #require(IPAddress(wanted.address)))
        if let expected = wanted.reason {
            #expect(reason?.contains(expected) == true, "\(reason ?? "allowed")")
        } else {
            #expect(reason == nil)
        }
    }

    @Test("what cannot be understood is told of the policy that says it")
    func problems() {
        let rules = ExternalIPRules([Self.policy(allowed: ["?"], pool: ["192.0.2.0/24", "x"]), Self.policy("fine")])
        #expect(
            rules.problems == [
                "lab": [
                    #"spec.allowedCIDRs[0]: "?" is no network such as 192.0.2.0/24"#,
                    #"spec.autoAssignCIDRs[1]: "x" is no network such as 192.0.2.0/24"#,
                ]
            ])
    }
}
