import ClusterAPI
import NetworkTypes
import PolicyEngine
import ServiceVerdicts
import Testing

@testable import Lab

/// What is a difference between a verdict and packets, and how often a connection is tried.
@Suite struct VerificationTests {
    /// A pod asks a service with so many endpoints, of which some are closed.
    private static func judgement(
        allowed: Int, denied: Int, isSticky: Bool = false, _ transport: TransportProtocol = .tcp
    ) throws -> Judgement {
        var snapshot = ClusterSnapshot(namespaces: [Namespace(metadata: ObjectMeta(name: "a"))])
        var addresses: [String] = []
        for index in 0..<(allowed + denied + 1) {
            let address = "10.128.0.\(index + 1)"
            snapshot.pods.append(
                Pod(
                    metadata: ObjectMeta(
                        name: "p\(index)", namespace: "a", labels: index > allowed ? ["closed": "yes"] : [:]),
                    spec: PodSpec(nodeName: "n"), status: PodStatus(phase: "Running", podIPs: [address])))
            if index > 0 { addresses.append(address) }
        }
        snapshot.policies = [
            NetworkPolicy(
                metadata: ObjectMeta(name: "closed", namespace: "a"),
                spec: NetworkPolicySpec(podSelector: LabelSelector(matchLabels: ["closed": "yes"])))
        ]
        let proto = transport.rawValue
        var service = Service(
            metadata: ObjectMeta(name: "s", namespace: "a"),
            spec: ServiceSpec(clusterIPs: ["172.30.0.9"], ports: [ServicePort(port: 80)], selector: nil))
        service.spec?.ports?[0].protocol = proto
        if isSticky { service.spec?.sessionAffinity = "ClientIP" }
        snapshot.services.upsert(service)
        var port = SlicePort(port: 8080)
        port.protocol = proto
        snapshot.services.upsert(
            EndpointSlice(
                metadata: ObjectMeta(name: "s-1", namespace: "a", labels: ["kubernetes.io/service-name": "s"]),
                addressType: "IPv4", endpoints: addresses.map { SliceEndpoint(addresses: [$0]) }, ports: [port]))
        return try snapshot.judge().judgement(
            of: Question(
                from: .party(.pod(ObjectKey(namespace: "a", name: "p0"))),
                to: .service(ObjectKey(namespace: "a", name: "s")), transport: transport, port: 80))
    }

    @Test(
        "a service is asked so often that endpoints of both kinds are met, once where that says all or nothing",
        arguments: [
            (2, 0, false, TransportProtocol.tcp, nil), (0, 2, false, .tcp, nil), (1, 1, false, .tcp, 20),
            (3, 1, false, .tcp, 49), (1, 3, false, .tcp, 49), (1, 1, true, .tcp, nil), (1, 1, false, .udp, nil),
            (39, 1, false, .tcp, nil),
        ] as [(Int, Int, Bool, TransportProtocol, Int?)])
    func often(allowed: Int, denied: Int, isSticky: Bool, transport: TransportProtocol, count: Int?) throws {
        let judgement = try Self.judgement(allowed: allowed, denied: denied, isSticky: isSticky, transport)
        #expect(judgement.ways.count == allowed + denied)
        #expect(Trial.sampleSize(judgement) == count)
    }

    @Test(
        "what packets do is compared with all ways, and one connection of many ways with none",
        arguments: [
            (1, 0, .probed(.reached(.connected)), "allow", false), (1, 0, .probed(.silent), "deny", true),
            (0, 1, .probed(.silent), "deny", false), (0, 1, .probed(.reached(.reset)), "allow", true),
            (1, 1, .probed(.silent), "deny", false), (1, 1, .probed(.reached(.connected)), "allow", false),
            (1, 1, .sampled(reached: 9, of: 20), "partly", false), (1, 1, .sampled(reached: 0, of: 20), "deny", true),
            (1, 1, .sampled(reached: 20, of: 20), "allow", true),
            (1, 0, .unprobed(.noCommonFamily), "unprobed", false),
        ] as [(Int, Int, Verification.Observation, String, Bool)])
    func differences(
        allowed: Int, denied: Int, observation: Verification.Observation, observed: String, differs: Bool
    ) throws {
        let answer = Verification(try Self.judgement(allowed: allowed, denied: denied), observation)
        #expect((answer.observed, answer.differs) == (observed, differs))
    }
}
