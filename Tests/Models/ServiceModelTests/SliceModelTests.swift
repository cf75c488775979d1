import ClusterAPI
import ServiceModel
import Testing

private typealias Make = SliceCluster

@Suite struct SliceModelTests {
    private func cluster(_ service: Service, _ pods: [Pod], nodes: [Node] = []) -> SliceCluster {
        var cluster = SliceCluster()
        cluster.model.upsert(service)
        for pod in pods { cluster.model.upsert(pod) }
        for node in nodes { cluster.model.upsert(node) }
        cluster.settle()
        return cluster
    }

    @Test("a slice names its service, its keeper and its owner, and says who is behind each address")
    func marks() throws {
        let service = Make.service("web") { $0.metadata.labels = ["team": "blue"] }
        let cluster = cluster(
            service, [Make.pod("a", ["10.1.0.1"])], nodes: [Make.node("one", zone: "east")])
        let slice = try #require(cluster.slices(of: "web").first)
        #expect(slice.key.name.hasPrefix("web-"))
        #expect(
            slice.metadata.labels == [
                "team": "blue", "kubernetes.io/service-name": "web",
                "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.gabion.io",
            ])
        let owner = try #require(slice.metadata.ownerReferences?.first)
        #expect(owner.kind == "Service" && owner.uid == "uid-web" && owner.controller == true)
        let endpoint = try #require(slice.endpoints.first)
        #expect(endpoint.nodeName == "one" && endpoint.zone == "east" && endpoint.targetRef?.name == "a")
        #expect(endpoint.hints == nil && endpoint.hostname == nil)
    }

    struct State: Sendable, CustomTestStringConvertible {
        let what: String
        var publishes = false
        let change: @Sendable (inout Pod) -> Void
        let endpoint: String?
        var testDescription: String { what }
    }

    static let states = [
        State(what: "running, and no kubelet says more", change: { _ in }, endpoint: "rs-"),
        State(what: "pending", change: { $0.status?.phase = "Pending" }, endpoint: "---"),
        State(
            what: "without an address",
            change: {
                $0.status?.podIPs = []; $0.status?.podIP = nil
            }, endpoint: nil),
        State(what: "ended", change: { $0.status?.phase = "Succeeded" }, endpoint: nil),
        State(
            what: "running and not ready",
            change: { $0.status?.conditions = [PodCondition(type: "Ready", status: "False")] }, endpoint: "---"),
        State(
            what: "ready as its kubelet says",
            change: { $0.status?.conditions = [PodCondition(type: "Ready", status: "True")] }, endpoint: "rs-"),
        State(
            what: "ending, and serving still", change: { $0.metadata.deletionTimestamp = "2026-01-01T00:00:00Z" },
            endpoint: "-st"),
        State(
            what: "not ready, and published all the same", publishes: true,
            change: { $0.status?.conditions = [PodCondition(type: "Ready", status: "False")] }, endpoint: "r--"),
        State(what: "of another service", change: { $0.metadata.labels = ["app": "db"] }, endpoint: nil),
        State(what: "of another namespace", change: { $0.metadata.namespace = "other" }, endpoint: nil),
    ]

    @Test("an endpoint is ready, serving and terminating as its pod is", arguments: states)
    func judges(_ state: State) {
        let service = Make.service("web") { $0.spec?.publishNotReadyAddresses = state.publishes }
        let cluster = cluster(service, [Make.pod("a", ["10.1.0.1"]) { state.change(&$0) }])
        #expect(cluster.endpoints(of: "web") == state.endpoint.map { ["10.1.0.1:8080 \($0)"] } ?? [])
    }

    @Test("a service nobody is behind has an empty slice of each family, and an outside name none")
    func placeholders() {
        let dual = Make.service("web") { $0.spec?.ipFamilies = ["IPv6", "IPv4"] }
        var cluster = cluster(dual, [])
        #expect(cluster.slices(of: "web").map(\.addressType).sorted() == ["IPv4", "IPv6"])
        cluster.model.upsert(Make.service("web") { $0.spec?.type = "ExternalName" })
        cluster.settle()
        #expect(cluster.slices(of: "web").isEmpty)
    }

    @Test("each family has slices of its own, from the addresses of dual-stack pods")
    func families() {
        let dual = Make.service("web") { $0.spec?.ipFamilies = ["IPv4", "IPv6"] }
        let cluster = cluster(dual, [Make.pod("a", ["10.1.0.1", "fd01::1"]), Make.pod("b", ["10.1.0.2"])])
        #expect(cluster.endpoints(of: "web") == ["10.1.0.1:8080 rs-", "10.1.0.2:8080 rs-", "fd01::1:8080 rs-"])
        #expect(cluster.slices(of: "web").count == 2)
    }

    @Test("pods that mean different numbers by a named port are in different slices, and who lacks it has none")
    func namedPorts() {
        let ports = [
            ServicePort(name: "http", port: 80, targetPort: .string("web")),
            ServicePort(name: "same", port: 90),
        ]
        func pod(_ name: String, _ address: String, _ number: Int?) -> Pod {
            Make.pod(name, [address]) {
                $0.spec?.containers = [
                    Container(name: "c", ports: number.map { [ContainerPort(name: "web", containerPort: $0)] })
                ]
            }
        }
        let cluster = cluster(
            Make.service("web", ports: ports),
            [
                pod("a", "10.1.0.1", 8080), pod("b", "10.1.0.2", 9090), pod("c", "10.1.0.3", 8080),
                pod("d", "10.1.0.4", nil),
            ])
        #expect(
            cluster.endpoints(of: "web") == [
                "10.1.0.1:8080,90 rs-", "10.1.0.2:9090,90 rs-", "10.1.0.3:8080,90 rs-", "10.1.0.4:90 rs-",
            ])
        #expect(cluster.slices(of: "web").count == 3)
    }

    @Test("a pod in the node's network has the node's address, and a named pod of a headless service its name")
    func hostNetworkAndNames() throws {
        let headless = Make.service("db") {
            $0.spec?.clusterIP = "None"
            $0.spec?.clusterIPs = ["None"]
        }
        let host = Make.pod("h", []) { $0.spec?.hostNetwork = true }
        let named = Make.pod("n", ["10.1.0.1"]) {
            $0.spec?.hostname = "db-0"
            $0.spec?.subdomain = "db"
        }
        let cluster = cluster(headless, [host, named], nodes: [Make.node("one", zone: nil, ["192.168.0.1"])])
        let slice = try #require(cluster.slices(of: "db").first)
        #expect(slice.metadata.labels?["service.kubernetes.io/headless"] == "")
        #expect(slice.endpoints.map(\.addresses) == [["10.1.0.1"], ["192.168.0.1"]])
        #expect(slice.endpoints.map(\.hostname) == ["db-0", nil])
    }

    /// A distribution, and the zones and nodes that an endpoint of zone east on node one is meant for.
    static let distributions: [(String?, [String]?, [String]?)] = [
        (nil, nil, nil), ("PreferClose", ["east"], nil), ("PreferSameZone", ["east"], nil),
        ("PreferSameNode", ["east"], ["one"]),
    ]

    @Test("traffic distribution becomes hints", arguments: distributions)
    func hints(_ distribution: String?, _ zones: [String]?, _ nodes: [String]?) throws {
        let service = Make.service("web") { $0.spec?.trafficDistribution = distribution }
        let cluster = cluster(
            service, [Make.pod("a", ["10.1.0.1"])], nodes: [Make.node("one", zone: "east")])
        let hints = cluster.slices(of: "web").first?.endpoints.first?.hints
        #expect(hints?.forZones?.map(\.name) == zones)
        #expect(hints?.forNodes?.map(\.name) == nodes)
    }

    @Test("Endpoints of a service without a selector are mirrored, unless they say no")
    func mirrors() {
        var cluster = cluster(Make.service("out", selector: nil), [Make.pod("a", ["10.1.0.1"])])
        #expect(cluster.slices(of: "out").isEmpty)
        var object = Endpoints(
            metadata: Make.meta("out"),
            subsets: [
                EndpointSubset(
                    addresses: [EndpointAddress(ip: "192.0.2.1"), EndpointAddress(ip: "2001:db8::1")],
                    notReadyAddresses: [EndpointAddress(ip: "192.0.2.2")], ports: [SlicePort(port: 5432)])
            ])
        cluster.model.upsert(object)
        cluster.settle()
        #expect(
            cluster.endpoints(of: "out") == ["192.0.2.1:5432 rs-", "192.0.2.2:5432 ---", "2001:db8::1:5432 rs-"])
        #expect(cluster.slices(of: "out").allSatisfy { $0.metadata.ownerReferences?.first?.kind == "Endpoints" })
        object.metadata.labels = ["endpointslice.kubernetes.io/skip-mirror": "true"]
        cluster.model.upsert(object)
        cluster.settle()
        #expect(cluster.slices(of: "out").isEmpty)
    }

    @Test("slices that others keep, and those of an earlier service of the name, are left alone")
    func leavesOthers() {
        let service = Make.service("web")
        let plain = cluster(service, [Make.pod("a", ["10.1.0.1"])])
        var foreign = plain.slices(of: "web")
        foreign[0].metadata.labels?["endpointslice.kubernetes.io/managed-by"] = "endpointslice-controller.k8s.io"
        var old = plain.slices(of: "web")[0]
        old.metadata.name = "web-old"
        old.metadata.ownerReferences = [
            OwnerReference(apiVersion: "v1", kind: "Service", name: "web", uid: "earlier")
        ]
        var cluster = SliceCluster()
        for slice in foreign + [old] { cluster.model.upsert(slice) }
        cluster.model.upsert(service)
        let plans = cluster.model.plan()
        #expect(plans.count == 1)
        for action in plans[service.key] ?? [] {
            switch action {
            case .create, .createEndpoints: continue
            default:
                Issue.record("touches a slice that is not its own: \(action)")
            }
        }
    }
}
