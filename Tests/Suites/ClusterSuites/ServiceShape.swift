import ClusterAPI
import NetworkTypes

/// One kind of service: its type, its traffic policies, and where its endpoints are.
struct ServiceShape: CustomStringConvertible {
    enum Kind: String, CaseIterable {
        case cluster, external, nodePort, loadBalancer, headless
    }

    enum Policy: String, CaseIterable {
        case cluster = "Cluster"
        case local = "Local"
    }

    let kind: Kind
    let inside: Policy
    let outside: Policy
    /// Endpoints on both nodes; else on node-1 alone.
    let isSpread: Bool

    var description: String {
        "\(kind)-\(inside)-\(outside)\(isSpread ? "-spread" : "")".lowercased()
    }

    /// Every type with every traffic policy that it knows.
    ///
    /// Endpoints on both nodes only where the node that is asked decides between them: elsewhere chance does.
    static let all: [ServiceShape] = Kind.allCases.flatMap { kind in
        let outsides = kind == .cluster || kind == .headless ? [Policy.cluster] : Policy.allCases
        return (kind == .headless ? [Policy.cluster] : Policy.allCases).flatMap { inside in
            outsides.flatMap { outside in
                let isDecided = inside == .local && (outside == .local || kind == .cluster)
                return (isDecided ? [false, true] : [false]).map { isSpread in
                    ServiceShape(kind: kind, inside: inside, outside: outside, isSpread: isSpread)
                }
            }
        }
    }

    /// TCP and UDP at port 80, both families; `number` makes its external addresses its own.
    func manifest(_ number: Int) -> JSONValue {
        var spec: [String: JSONValue] = [
            "ipFamilyPolicy": "RequireDualStack", "internalTrafficPolicy": .string(inside.rawValue),
            "selector": isSpread ? ["app": "db"] : ["app": "db", "place": "node-1"],
            "ports": .array(
                ["TCP", "UDP"].map { transport in
                    [
                        "name": .string(transport.lowercased()), "port": 80, "targetPort": 8080,
                        "protocol": .string(transport),
                    ]
                }),
        ]
        switch kind {
        case .cluster: break
        case .headless: spec["clusterIP"] = "None"
        case .external:
            spec["externalIPs"] = [.string("198.51.100.\(number + 10)"), .string("2001:db8:51::\(number + 10)")]
        case .nodePort: spec["type"] = "NodePort"
        case .loadBalancer: spec["type"] = "LoadBalancer"
        }
        if kind != .cluster, kind != .headless { spec["externalTrafficPolicy"] = .string(outside.rawValue) }
        return [
            "apiVersion": "v1", "kind": "Service",
            "metadata": ["name": .string(description), "namespace": "shop"], "spec": .object(spec),
        ]
    }

    /// An address and port at which the service is asked for.
    struct Door {
        let address: IPAddress
        let transport: TransportProtocol
        let port: UInt16
        /// In the cluster only: nobody outside has a way to it.
        let isInside: Bool
    }

    /// Of the service as the API has it; `pods` are the addresses of the endpoints, which a headless service's name stands for.
    func doors(_ service: Service, nodes: [IPAddress], pods: [IPAddress]) -> [Door] {
        func addresses(_ texts: [String]) -> [IPAddress] { texts.compactMap { IPAddress($0) } }
        let own = addresses(service.clusterAddressTexts)
        let external =
            addresses(service.spec?.externalIPs ?? [])
            + addresses((service.status?.loadBalancer?.ingress ?? []).compactMap(\.ip))
        var doors: [Door] = []
        for port in service.spec?.ports ?? [] {
            let transport: TransportProtocol = port.protocol == "UDP" ? .udp : .tcp
            if kind == .headless {
                doors += pods.map { Door(address: $0, transport: transport, port: 8080, isInside: true) }
            }
            doors += own.map { Door(address: $0, transport: transport, port: 80, isInside: true) }
            doors += external.map { Door(address: $0, transport: transport, port: 80, isInside: false) }
            guard let nodePort = port.nodePort.flatMap(UInt16.init(exactly:)), nodePort > 0 else { continue }
            doors += nodes.map { Door(address: $0, transport: transport, port: nodePort, isInside: false) }
        }
        return doors
    }

    /// How many doors there must be: two families and two transports for each address.
    var doorCount: Int {
        switch kind {
        case .cluster, .headless: 4
        case .external: 8
        case .nodePort: 12
        case .loadBalancer: 16
        }
    }
}
