import AddressAllocation
import ClusterAPI
import EgressAddressModel
import NetworkTypes
import Testing

/// Addresses that the cluster answers others at are no egress addresses.
@Suite struct TakenAddressesTests {
    private static func taken(
        services: [Service] = [], policy: ExternalIPPolicySpec? = nil, groups: [FailoverGroup] = []
    ) -> TakenAddresses {
        let policies = policy.map { [ExternalIPPolicy(name: "p", spec: $0)] } ?? []
        return TakenAddresses(services: services, rules: ExternalIPRules(policies), groups: groups)
    }

    private static func service(
        _ name: String, own: String? = nil, external: String? = nil, given: String? = nil
    ) -> Service {
        var service = Service(
            metadata: ObjectMeta(name: name, namespace: "shop"),
            spec: ServiceSpec(clusterIPs: own.map { [$0] } ?? [], ports: [ServicePort(port: 80)]))
        service.spec?.externalIPs = external.map { [$0] }
        service.status = ServiceStatus(
            loadBalancer: LoadBalancerStatus(ingress: given.map { [LoadBalancerIngress(ip: $0)] }))
        return service
    }

    /// One node that may hold what one EgressIP asks for, and holds it, or would.
    private static func assignment(_ taken: TakenAddresses, holding held: [String] = []) -> EgressAssignment {
        EgressAssignment(situation(taken, holding: held))
    }

    private static func situation(_ taken: TakenAddresses, holding held: [String] = []) -> EgressSituation {
        var node = EgressNode(name: "n1", spec: EgressNodeSpec(addresses: held))
        node.status = EgressNodeStatus()
        node.status?.networks = ["192.0.2.0/24"]
        return EgressSituation(
            nodes: [Node(metadata: ObjectMeta(name: "n1", labels: [EgressIP.assignableLabel: ""]))],
            egressIPs: [
                EgressIP(
                    name: "e", spec: EgressIPSpec(egressIPs: ["192.0.2.10"], namespaceSelector: LabelSelector()))
            ], egressNodes: [node], taken: taken.words, takenRanges: taken.ranges)
    }

    @Test("what nodes serve is taken, and no address that a service may not have: whoever creates one takes nobody's")
    func services() {
        let services = [
            Self.service("own", own: "172.30.0.9"), Self.service("chosen", external: "192.0.2.10"),
            Self.service("given", given: "192.0.2.20"), Self.service("stolen", external: "192.0.2.30"),
        ]
        func told(_ policy: ExternalIPPolicySpec?) -> [String] {
            Self.taken(services: services, policy: policy).words.sorted { $0.key < $1.key }
                .map { "\($0.key) \($0.value)" }
        }
        // IPv4 addresses in their order.
        let own = "172.30.0.9 it is an address of Service shop/own"
        #expect(told(nil) == [own])
        #expect(
            told(ExternalIPPolicySpec(allowedCIDRs: ["192.0.2.10/32", "192.0.2.20/32"])) == [
                own, "192.0.2.10 it is an address of Service shop/chosen",
                "192.0.2.20 it is an address of Service shop/given",
            ])
    }

    @Test("a service's, a group's and a pool's address is at no node, and it is told whose it is")
    func refused() {
        let cases: [(TakenAddresses, String)] = [
            (
                Self.taken(
                    services: [Self.service("web", external: "192.0.2.10")],
                    policy: ExternalIPPolicySpec(allowedCIDRs: ["192.0.2.0/28"])),
                "it is an address of Service shop/web"
            ),
            (
                Self.taken(policy: ExternalIPPolicySpec(autoAssignCIDRs: ["192.0.2.0/28"])),
                "it is in 192.0.2.0/28, of which ExternalIPPolicy p gives services addresses"
            ),
            (
                Self.taken(groups: [FailoverGroup(name: "f", spec: .init(addresses: ["192.0.2.9-192.0.2.11"]))]),
                "it is an address of FailoverGroup f"
            ),
        ]
        #expect(Self.assignment(Self.taken()).holders.count == 1)
        for (taken, words) in cases {
            let assignment = Self.assignment(taken)
            #expect(assignment.holders.isEmpty && assignment.problems.map(\.message) == [words])
        }
    }

    @Test("an address that a group comes to have leaves the node that holds it")
    func leaves() {
        let held = Self.situation(Self.taken(), holding: ["192.0.2.10"])
        #expect(EgressAssignment(held).wanted(held.egressNodes).count == 1)
        let group = FailoverGroup(name: "f", spec: .init(addresses: ["192.0.2.10"]))
        let lost = Self.situation(Self.taken(groups: [group]), holding: ["192.0.2.10"])
        #expect(EgressAssignment(lost).wanted(lost.egressNodes).isEmpty)
    }
}
