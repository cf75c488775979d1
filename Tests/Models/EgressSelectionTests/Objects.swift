import ClusterAPI
import EgressSelection
import NetworkTypes

/// Short forms of the objects that decide about source addresses.
enum Objects {
    static func netNamespace(_ name: String, _ addresses: [String]) -> NetNamespace {
        var netNamespace = NetNamespace(netname: name, netid: 7)
        netNamespace.egressIPs = addresses
        return netNamespace
    }

    static func egressIP(
        _ name: String, _ addresses: [String], namespaces: [String: String] = [:], pods: [String: String]? = nil
    ) -> EgressIP {
        EgressIP(
            name: name,
            spec: EgressIPSpec(
                egressIPs: addresses, namespaceSelector: LabelSelector(matchLabels: namespaces),
                podSelector: pods.map { LabelSelector(matchLabels: $0) }))
    }

    static func zone(_ name: String, _ addresses: [String], namespaces: [String: String] = [:]) -> Zone {
        Zone(
            name: name,
            spec: ZoneSpec(
                order: 1, namespaceSelector: LabelSelector(matchLabels: namespaces),
                egress: ZoneSpec.Egress(addresses: addresses)))
    }

    static func node(_ name: String, _ addresses: [String]) -> EgressNode {
        EgressNode(name: name, spec: EgressNodeSpec(addresses: addresses))
    }

    static func namespace(_ name: String, _ labels: [String: String] = [:]) -> Namespace {
        Namespace(metadata: ObjectMeta(name: name, labels: labels))
    }

    static func pod(_ namespace: String, _ name: String, _ labels: [String: String] = [:]) -> Pod {
        var pod = Pod(metadata: ObjectMeta(name: name, namespace: namespace, labels: labels))
        pod.spec = PodSpec(nodeName: "one")
        pod.status = PodStatus(phase: "Running", podIPs: ["10.128.1.5"])
        return pod
    }

    static func key(_ namespace: String, _ name: String) -> ObjectKey { ObjectKey(namespace: namespace, name: name) }
}

extension PodEgress {
    /// `ADDRESS by NODE` of what is active.
    var words: [String] { active.map { "\($0.address) by \($0.holder)" } }
}
