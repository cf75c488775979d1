import ClusterAPI
import NetworkTypes
import PolicyEngine
import ServiceVerdicts
import Testing

/// Two nodes; `shop/web` on one asks; `shop/db-1` on one and `shop/db-2` on two answer behind the service `shop/db`,
/// 5432 → 15432, node port 30432.
struct ServiceWorld {
    var engine = PolicyEngine()
    var objects = ServiceObjects()

    init(_ policies: NetworkPolicy..., change: (inout Service) -> Void = { _ in }) {
        engine.upsert(Namespace(metadata: ObjectMeta(name: "shop")))
        for (name, address) in [("one", "192.168.0.1"), ("two", "192.168.0.2")] {
            let node = Node(
                metadata: ObjectMeta(name: name),
                status: NodeStatus(addresses: [NodeAddress(type: "InternalIP", address: address)]))
            engine.upsert(node)
            objects.upsert(node)
        }
        pod("web", "web", on: "one", "10.128.1.5")
        pod("db-1", "db", on: "one", "10.128.1.6")
        pod("db-2", "db", on: "two", "10.128.2.6")
        for policy in policies { engine.upsert(policy) }
        var service = Service(
            metadata: ObjectMeta(name: "db", namespace: "shop"),
            spec: ServiceSpec(
                clusterIPs: ["172.30.0.9"], ports: [ServicePort(port: 5432, targetPort: .int(15432))],
                selector: ["app": "db"]))
        service.spec?.type = "NodePort"
        service.spec?.ports?[0].nodePort = 30432
        change(&service)
        objects.upsert(service)
    }

    private mutating func pod(_ name: String, _ app: String, on node: String, _ address: String) {
        let pod = Pod(
            metadata: ObjectMeta(name: name, namespace: "shop", labels: ["app": app, "pod": name]),
            spec: PodSpec(nodeName: node), status: PodStatus(podIPs: [address]))
        engine.upsert(pod)
        objects.upsert(pod)
    }

    /// `allow RULE`, `deny RULE`, or the fault.
    func told(_ from: String, _ to: String, _ port: UInt16) throws -> String {
        let question = Question(
            from: try #require(Question.End(from)), to: try #require(Question.End(to)), transport: .tcp, port: port)
        do {
            let answer = try ServiceJudge(engine, objects).answer(question)
            return "\(answer.isAllowed ? "allow" : "deny") \(answer.rule)"
        } catch {
            return error.message
        }
    }
}
