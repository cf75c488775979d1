import CNISpec
import ClusterAPI
import NodeAgent
import Testing

@Suite("Which pod a container is that no kubelet runs")
struct ContainerNameTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let id: String
        var arguments = ""
        var network: String?
        /// Nil: it is refused.
        let pod: String?
    }

    static let cases = [
        Case(testDescription: "ctr: namespace and container", id: "shop-web", pod: "shop/web"),
        Case(testDescription: "ctr: hyphens in the container's name", id: "shop-web-1", pod: "shop/web-1"),
        Case(
            testDescription: "a namespace that does not exist is part of the name", id: "moby-web", pod: "apps/moby-web"
        ),
        Case(testDescription: "no hyphen at all", id: "web", pod: "apps/web"),
        Case(testDescription: "an end that is a hyphen names nothing", id: "shop-", pod: nil),
        Case(testDescription: "two namespaces fit", id: "team-a-web", pod: nil),
        Case(
            testDescription: "the network decides between them", id: "team-a-web", network: "team-a", pod: "team-a/web"),
        Case(
            testDescription: "the network's namespace without its prefix", id: "shop-web", network: "data",
            pod: "data/shop-web"),
        Case(
            testDescription: "podman: the container's name", id: "5f5d1157",
            arguments: "IgnoreUnknown=1;K8S_POD_NAME=api",
            pod: "apps/api"),
        Case(
            testDescription: "podman: by network", id: "5f5d1157", arguments: "K8S_POD_NAME=api", network: "shop",
            pod: "shop/api"),
        Case(
            testDescription: "the runtime's word goes before the network's", id: "x",
            arguments: "K8S_POD_NAMESPACE=data;K8S_POD_NAME=api", network: "shop", pod: "data/api"),
        Case(
            testDescription: "capitals and underscores", id: "x", arguments: "K8S_POD_NAME=Happy_Noyce",
            pod: "apps/happy-noyce"),
        Case(testDescription: "other letters", id: "x", arguments: "K8S_POD_NAME=caf\u{E9}", pod: nil),
        Case(testDescription: "a name that no pod can have", id: "x", arguments: "K8S_POD_NAME=_", pod: nil),
    ]

    @Test("by what its runtime says of it", arguments: cases)
    func names(_ test: Case) throws {
        let invocation = try Invocation(environment: [
            "CNI_COMMAND": "ADD", "CNI_CONTAINERID": test.id, "CNI_NETNS": "/run/netns/x", "CNI_IFNAME": "eth0",
            "CNI_ARGS": test.arguments,
        ])
        let configuration = NetworkConfiguration(
            .v1_0_0, name: "gabion", type: "gabion-cni", socket: "/s", namespace: test.network)
        func pod() throws(PluginError) -> String {
            "\(try ContainerName.pod(of: invocation, configuration, among: ["shop", "data", "apps", "team", "team-a"], standard: "apps"))"
        }
        if let expected = test.pod {
            #expect(try pod() == expected)
        } else {
            #expect(throws: PluginError.self) { try pod() }
        }
    }
}
