import ClusterAPI

/// What slices say of a pod; a pod whose other parts change is no change.
struct SlicePod: Hashable, Sendable {
    let key: ObjectKey
    let uid: String?
    let labels: [String: String]
    let nodeName: String?
    let isHostNetwork: Bool
    let addresses: [String]
    let isReady: Bool
    let isTerminating: Bool
    let hostname: String?
    let subdomain: String?
    let ports: [ContainerPort]

    /// Nil for a pod that has ended: its address may be another's.
    init?(_ pod: Pod) {
        guard !pod.hasTerminated else { return nil }
        key = pod.key
        uid = pod.metadata.uid
        labels = pod.labels
        nodeName = pod.spec?.nodeName
        isHostNetwork = pod.isHostNetwork
        addresses = pod.addressTexts.filter { !$0.isEmpty }
        isTerminating = pod.metadata.deletionTimestamp != nil
        hostname = pod.spec?.hostname
        subdomain = pod.spec?.subdomain
        ports = pod.ports.filter { $0.name != nil }
        // Without a kubelet nobody reports the condition: then what runs is ready.
        let condition = pod.status?.conditions?.first { $0.type == "Ready" }
        isReady = condition.map { $0.status == "True" } ?? (pod.status?.phase == "Running")
    }

    /// Those of the service's ports that the pod has, with its own numbers.
    func ports(of service: Service) -> [SlicePort] {
        (service.spec?.ports ?? []).compactMap { port in
            number(of: port).map {
                SlicePort(name: port.name ?? "", protocol: port.protocol, port: $0, appProtocol: port.appProtocol)
            }
        }
    }

    /// Its first address of a type, IPv4 or IPv6; in the node's network that of the node, until it is told.
    func address(_ type: String, on nodes: [String: SliceNode]) -> String? {
        let own = addresses.isEmpty && isHostNetwork ? nodeName.flatMap { nodes[$0] }?.addresses ?? [] : addresses
        return own.first { SliceShape.addressType(of: $0) == type }
    }

    func reference() -> TargetReference {
        TargetReference(kind: "Pod", namespace: key.namespace, name: key.name, uid: uid)
    }

    /// The name that the DNS has for it behind a service.
    func hostname(behind service: Service) -> String? {
        hostname.flatMap { !$0.isEmpty && subdomain == service.key.name ? $0 : nil }
    }

    /// The number behind a target port; nil if the pod has no port of that name.
    func number(of port: ServicePort) -> Int? {
        let transport = port.protocol ?? "TCP"
        switch port.targetPort {
        case nil, .int(0), .string(""): return port.port
        case .int(let number): return number
        case .string(let name):
            return ports.first { $0.name == name && ($0.protocol ?? "TCP") == transport }?.containerPort
        }
    }
}

/// What slices say of a node.
struct SliceNode: Hashable, Sendable {
    let zone: String?
    let addresses: [String]

    init(_ node: Node) {
        zone = node.metadata.labels?["topology.kubernetes.io/zone"]
        addresses = node.internalAddressTexts
    }
}
