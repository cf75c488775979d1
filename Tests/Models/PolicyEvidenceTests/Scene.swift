import ClusterAPI
import FlowModel
import NetworkTypes
import PolicyEvidence

/// A shop with a web server, its database, a client of a bank, and a resolver.
enum Scene {
    static let hour: Int64 = 3_600_000_000

    static func pod(
        _ namespace: String, _ name: String, _ address: String, _ labels: [String: String]? = nil, node: String = "n1"
    ) -> Pod {
        Pod(
            metadata: ObjectMeta(name: name, namespace: namespace, labels: labels ?? ["app": name]),
            spec: PodSpec(nodeName: node), status: PodStatus(phase: "Running", podIPs: [address]))
    }

    static let pods = [
        pod("shop", "web-5d-x", "10.0.0.1", ["app": "web", "pod-template-hash": "5d"]),
        pod("shop", "db-0", "10.0.0.2", ["app": "db", "statefulset.kubernetes.io/pod-name": "db-0"]),
        pod("bank", "client", "10.0.0.3"),
        pod("kube-system", "dns", "10.0.0.4", ["k8s-app": "kube-dns"], node: "n2"),
    ]

    static var scene: PolicySuggestion.Scene {
        PolicySuggestion.Scene(
            pods: pods, namespaces: ["shop", "bank", "kube-system"].map { Namespace(metadata: ObjectMeta(name: $0)) })
    }

    /// An end: `shop/web-5d-x`, `node n1`, or an address.
    static func end(_ text: String, port: UInt16?) -> FlowEndpoint {
        var end: FlowEndpoint
        if let key = ObjectKey(text) {
            let pod = pods.first { $0.key == key }
            let address = pod?.addressTexts.first.flatMap { IPAddress($0) } ?? IPAddress(v4: 0x0A00_00FE)
            end = FlowEndpoint(address: address, pod: key, labels: pod?.labels ?? ["app": "past"], node: "n1")
        } else {
            end = FlowEndpoint(address: IPAddress(text) ?? IPAddress(v4: 0))
        }
        end.port = port
        return end
    }

    static func flow(
        _ source: String, _ destination: String, _ port: UInt16?, _ verdict: FlowRecord.Verdict = .allowed,
        ipProtocol: UInt8 = 6, at start: Int64 = 0, observer: String = "n1", drop: String? = nil
    ) -> FlowRecord {
        var record = FlowRecord(
            observer: observer, ipProtocol: ipProtocol, source: end(source, port: port.map { _ in 40_000 }),
            destination: end(destination, port: port), verdict: verdict, start: start)
        record.drop = drop
        record.forward = .init(packets: 2, bytes: 100)
        record.backward = .init(packets: 1, bytes: 50)
        record.isCounted = true
        return record
    }
}
