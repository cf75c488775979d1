import APIMachinery
import AddressAllocation
import ClusterAPI
import NetworkTypes
import Testing

@Suite struct ServiceExternalIPsTests {
    private static func service(_ addresses: [String], port: Int64 = 80) -> JSONValue {
        [
            "metadata": ["name": "s"],
            "spec": [
                "type": "ClusterIP", "ports": [["port": .int(port), "protocol": "TCP"]],
                "externalIPs": .array(addresses.map(JSONValue.string)),
            ],
        ]
    }

    private static let policies = [
        ExternalIPPolicy(
            name: "lab",
            spec: ExternalIPPolicySpec(allowedCIDRs: ["192.0.2.0/24"], rejectedCIDRs: ["192.0.2.128/25"]))
    ]

    private func errors(
        _ object: JSONValue, replacing existing: JSONValue? = nil, beside others: [JSONValue] = [],
        policies: [ExternalIPPolicy] = policies
    ) throws -> [String] {
        let admission = ServiceExternalIPs(
            rules: { ExternalIPRules(policies) },
            isTaken: { claim in others.contains { ServiceClaim.all(of: $0, resource: "services").contains(claim) } })
        return try admission.errors(in: object, replacing: existing).map { "\($0.field): \($0.body)" }
    }

    @Test("an external IP that no policy allows is refused by its field, with the reason")
    func refuses() throws {
        #expect(try errors(Self.service(["192.0.2.1"])).isEmpty)
        #expect(try errors(Self.service([]), policies: []).isEmpty)
        #expect(
            try errors(Self.service(["192.0.2.1", "192.0.2.200"])) == [
                "spec.externalIPs[1]: Forbidden: 192.0.2.200 may not be used: it is in 192.0.2.128/25, which the"
                    + " ExternalIPPolicy \"lab\" rejects"
            ])
        #expect(
            try errors(Self.service(["192.0.2.1"]), policies: []) == [
                "spec.externalIPs[0]: Forbidden: 192.0.2.1 may not be used: there is no ExternalIPPolicy, and without one"
                    + " no external IP is allowed"
            ])
    }

    @Test("what a service has already it keeps; what is new is judged")
    func keeps() throws {
        let before = Self.service(["192.0.2.200"])
        #expect(try errors(Self.service(["192.0.2.200"], port: 81), replacing: before).isEmpty)
        let both = try errors(Self.service(["192.0.2.200", "192.0.2.201"]), replacing: before)
        #expect(both.count == 1 && both.allSatisfy { $0.hasPrefix("spec.externalIPs[1]") })
    }

    @Test("no two services have one port of an address; other ports of it they may share")
    func shares() throws {
        let other = Self.service(["192.0.2.1"])
        #expect(
            try errors(Self.service(["192.0.2.1"]), beside: [other]) == [
                "spec.externalIPs[0]: Forbidden: another service has port 80/TCP of 192.0.2.1 already"
            ])
        #expect(try errors(Self.service(["192.0.2.1"], port: 443), beside: [other]).isEmpty)
        #expect(try errors(Self.service(["192.0.2.2"]), beside: [other]).isEmpty)
        // A port that comes later is looked at too.
        let before = Self.service(["192.0.2.1"], port: 443)
        #expect(try errors(Self.service(["192.0.2.1"]), replacing: before, beside: [other]).count == 1)
        #expect(try errors(other, replacing: other, beside: [other]).isEmpty)
        var balanced = Self.service([])
        balanced["status"] = ["loadBalancer": ["ingress": [["ip": "192.0.2.1"]]]]
        #expect(try errors(Self.service(["192.0.2.1"]), beside: [balanced]).count == 1)
    }
}
