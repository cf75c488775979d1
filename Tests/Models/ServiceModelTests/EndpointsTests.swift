import ClusterAPI
import ServiceModel
import Testing

private typealias Make = SliceCluster

/// The Endpoints objects of services with a selector.
@Suite struct EndpointsTests {
    private static let web = ObjectKey(namespace: "shop", name: "web")

    private func cluster(_ service: Service, _ pods: [Pod], nodes: [Node] = []) -> SliceCluster {
        var cluster = SliceCluster()
        cluster.model.upsert(service)
        for pod in pods { cluster.model.upsert(pod) }
        for node in nodes { cluster.model.upsert(node) }
        cluster.settle()
        return cluster
    }

    /// `ports: ready addresses / addresses that are not`, for each subset.
    private func subsets(_ cluster: SliceCluster) -> [String]? {
        cluster.endpoints[Self.web].map { object in
            (object.subsets ?? []).map { subset in
                let ports = (subset.ports ?? []).map { "\($0.name ?? "-") \($0.port ?? 0)/\($0.protocol ?? "?")" }
                let lists = [subset.addresses, subset.notReadyAddresses].map {
                    ($0 ?? []).map(\.ip).joined(separator: " ")
                }
                return "\(ports.joined(separator: ", ")): \(lists[0]) / \(lists[1])"
            }
        }
    }

    private static let unready: @Sendable (inout Pod) -> Void = {
        $0.status?.conditions = [PodCondition(type: "Ready", status: "False")]
    }
    private static let ending: @Sendable (inout Pod) -> Void = {
        $0.metadata.deletionTimestamp = "2026-01-01T00:00:00Z"
    }

    @Test("say who is behind a service, ready or not, and nothing of pods that end")
    func addresses() throws {
        let service = Make.service("web") { $0.metadata.labels = ["team": "blue"] }
        let pods = [
            Make.pod("a", ["10.1.0.2", "fd00::2"]), Make.pod("b", ["10.1.0.1"]),
            Make.pod("c", ["10.1.0.3"], Self.unready), Make.pod("d", ["10.1.0.4"], Self.ending),
            Make.pod("e", ["fd00::5"]),
        ]
        let cluster = cluster(service, pods)
        #expect(subsets(cluster) == ["- 8080/TCP: 10.1.0.1 10.1.0.2 / 10.1.0.3"])
        let object = try #require(cluster.endpoints[Self.web])
        #expect(
            object.metadata.labels == [
                "team": "blue", "endpoints.kubernetes.io/managed-by": "endpoints-controller.gabion.io",
            ])
        let address = try #require(object.subsets?.first?.addresses?.first)
        #expect(address.nodeName == "one" && address.targetRef?.name == "b" && address.targetRef?.kind == "Pod")
    }

    @Test("name pods that are not ready, and those that end, among the ready where the service publishes them")
    func publishes() {
        let service = Make.service("web") { $0.spec?.publishNotReadyAddresses = true }
        let pods = [Make.pod("c", ["10.1.0.3"], Self.unready), Make.pod("d", ["10.1.0.4"], Self.ending)]
        #expect(subsets(cluster(service, pods)) == ["- 8080/TCP: 10.1.0.3 10.1.0.4 / "])
    }

    @Test("put ports together that have the same addresses, and apart that have not")
    func groups() {
        let ports = [
            ServicePort(name: "web", port: 80, targetPort: .int(8080)),
            ServicePort(name: "dns", protocol: "UDP", port: 53, targetPort: .int(53)),
            ServicePort(name: "admin", port: 81, targetPort: .string("admin")),
        ]
        let admin = Make.pod("b", ["10.1.0.2"]) {
            $0.spec?.containers = [
                Container(name: "c", ports: [ContainerPort(name: "admin", containerPort: 90, protocol: "TCP")])
            ]
        }
        let cluster = cluster(Make.service("web", ports: ports), [Make.pod("a", ["10.1.0.1"]), admin])
        #expect(
            subsets(cluster) == [
                "admin 90/TCP: 10.1.0.2 / ", "dns 53/UDP, web 8080/TCP: 10.1.0.1 10.1.0.2 / ",
            ])
    }

    @Test("are there for a headless service without ports, and empty where no pod is")
    func headless() {
        let service = Make.service("web", ports: []) {
            $0.spec?.clusterIP = "None"
            $0.spec?.clusterIPs = ["None"]
        }
        #expect(subsets(cluster(service, [Make.pod("a", ["10.1.0.1"])])) == [": 10.1.0.1 / "])
        let empty = cluster(service, [])
        #expect(subsets(empty) == [])
        #expect(empty.endpoints[Self.web]?.metadata.labels?["service.kubernetes.io/headless"] == "")
    }

    private static func pods(_ range: Range<Int>, _ change: (inout Pod) -> Void = { _ in }) -> [Pod] {
        range.map { Make.pod("p\($0)", ["10.1.\($0 / 250).\($0 % 250 + 1)"], change) }
    }

    @Test("name a thousand addresses, the ready before the others, and say that there are more")
    func truncates() throws {
        var cluster = cluster(Make.service("web"), Self.pods(0..<990) + Self.pods(990..<1_100, Self.unready))
        let subset = try #require(cluster.endpoints[Self.web]?.subsets?.first)
        #expect(subset.addresses?.count == 990 && subset.notReadyAddresses?.count == 10)
        #expect(cluster.endpoints[Self.web]?.metadata.annotations == [Endpoints.overCapacity: "truncated"])
        for pod in Self.pods(990..<1_100) { cluster.model.upsert(pod) }
        cluster.settle()
        let full = try #require(cluster.endpoints[Self.web]?.subsets?.first)
        #expect(full.addresses?.count == 1_000 && full.notReadyAddresses == nil)
        for pod in Self.pods(500..<1_100) { cluster.model.removePod(pod.key) }
        cluster.settle()
        #expect(cluster.endpoints[Self.web]?.subsets?.first?.addresses?.count == 500)
        #expect(cluster.endpoints[Self.web]?.metadata.annotations == nil)
    }

    @Test("are not mirrored: the slices of the service are there, and one plan leaves nothing to do")
    func doesNotLoop() {
        var cluster = cluster(Make.service("web"), [Make.pod("a", ["10.1.0.1"])])
        #expect(cluster.slices(of: "web").count == 1)
        if let object = cluster.endpoints[Self.web] { cluster.model.upsert(object) }
        #expect(cluster.model.plan().isEmpty)
    }

    @Test("go with the service, and with its selector; what people wrote stays")
    func goes() {
        var cluster = cluster(Make.service("web"), [Make.pod("a", ["10.1.0.1"])])
        cluster.model.upsert(Make.service("web", selector: nil))
        cluster.settle()
        #expect(cluster.endpoints.isEmpty && cluster.slices(of: "web").isEmpty)
        cluster.write(
            Endpoints(
                metadata: Make.meta("web"), subsets: [EndpointSubset(addresses: [EndpointAddress(ip: "192.0.2.1")])]))
        cluster.settle()
        #expect(subsets(cluster) == [": 192.0.2.1 / "] && cluster.slices(of: "web").count == 1)
        cluster.model.removeService(Self.web)
        cluster.settle()
        #expect(subsets(cluster) == [": 192.0.2.1 / "])
        cluster.model.upsert(Make.service("web"))
        cluster.settle()
        // A service with a selector takes the object over, as in Kubernetes.
        #expect(subsets(cluster) == ["- 8080/TCP: 10.1.0.1 / "])
        cluster.model.removeService(Self.web)
        cluster.settle()
        #expect(cluster.endpoints.isEmpty)
    }

    @Test("left behind by a service that went while nobody looked are taken away")
    func leftBehind() {
        var gone = SliceCluster()
        for object in cluster(Make.service("web"), []).endpoints.values { gone.write(object) }
        gone.settle()
        #expect(gone.endpoints.isEmpty)
    }
}
