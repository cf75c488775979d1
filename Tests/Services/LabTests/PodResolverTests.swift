import ClusterAPI
import DNSFormats
import NetworkTypes
import Testing

@testable import Lab

@Suite("where a pod's programs ask for names")
struct PodResolverTests {
    private static let machine = ResolverFile(
        nameservers: [IPAddress(v4: 0x0101_0101)], searches: ["example.org"], options: ["timeout:1"])
    private static let cluster = """
        nameserver 172.30.0.10
        search shop.svc.cluster.local svc.cluster.local cluster.local
        options ndots:5

        """
    private static let wish = PodDNSConfig(
        nameservers: ["192.0.2.1", "nowhere"], searches: ["my.dns.search.suffix"],
        options: [.init(name: "ndots", value: "2"), .init(name: "edns0")])

    static let cases: [(policy: String?, host: Bool, wish: PodDNSConfig?, text: String?)] = [
        (nil, false, nil, cluster), ("ClusterFirst", false, nil, cluster), ("ClusterFirst", true, nil, nil),
        ("ClusterFirstWithHostNet", true, nil, cluster), ("Default", false, nil, nil), ("None", false, nil, ""),
        (
            "None", false, wish,
            "nameserver 192.0.2.1\nsearch my.dns.search.suffix\noptions ndots:2 edns0\n"
        ),
        (
            "Default", false, wish,
            "nameserver 1.1.1.1\nnameserver 192.0.2.1\nsearch example.org my.dns.search.suffix\n"
                + "options timeout:1 ndots:2 edns0\n"
        ),
        (
            nil, false, wish,
            "nameserver 172.30.0.10\nnameserver 192.0.2.1\n"
                + "search shop.svc.cluster.local svc.cluster.local cluster.local my.dns.search.suffix\n"
                + "options ndots:2 edns0\n"
        ),
    ]

    @Test("follows its policy and its own wishes", arguments: cases)
    func policies(policy: String?, host: Bool, wish: PodDNSConfig?, text: String?) {
        var pod = Pod(
            metadata: ObjectMeta(name: "web", namespace: "shop"), spec: PodSpec(nodeName: "one", hostNetwork: host))
        pod.spec?.dnsPolicy = policy
        pod.spec?.dnsConfig = wish
        let resolver = PodResolver(servers: [IPAddress(v4: 0xAC1E_000A)], machine: Self.machine)
        #expect(resolver.file(for: pod)?.text == text)
    }

    @Test("is the machine's where the cluster has no names")
    func without() {
        let pod = Pod(metadata: ObjectMeta(name: "web", namespace: "shop"), spec: PodSpec(nodeName: "one"))
        #expect(PodResolver(servers: [], machine: Self.machine).file(for: pod) == nil)
    }
}
