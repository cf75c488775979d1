/// core/v1 Service, as far as a network needs it.
package struct Service: APIObject {
    package static let resource = ResourceType(
        group: "", version: "v1", kind: "Service", plural: "services", isNamespaced: true)

    package var metadata: ObjectMeta
    package var spec: ServiceSpec?
    package var status: ServiceStatus?

    package init(metadata: ObjectMeta, spec: ServiceSpec? = nil) {
        self.metadata = metadata
        self.spec = spec
    }

    /// The texts of `clusterIPs`, or of `clusterIP` alone; empty for headless services and those without an address yet.
    package var clusterAddressTexts: [String] {
        let texts = spec?.clusterIPs ?? (spec?.clusterIP).map { [$0] } ?? []
        return texts.filter { !$0.isEmpty && $0 != "None" }
    }

    /// Has no address on purpose: its name stands for its endpoints.
    package var isHeadless: Bool { !isExternalName && (spec?.clusterIP == "None" || spec?.clusterIPs?.first == "None") }

    /// A name for somebody outside: it has neither addresses nor ports of its own.
    package var isExternalName: Bool { spec?.type == "ExternalName" }
}

package struct ServiceSpec: Codable, Hashable, Sendable {
    /// ClusterIP when absent.
    package var type: String?
    package var clusterIP: String?
    package var clusterIPs: [String]?
    package var ipFamilies: [String]?
    package var ipFamilyPolicy: String?
    package var ports: [ServicePort]?
    /// Absent or empty: somebody else writes the endpoints.
    package var selector: [String: String]?
    package var sessionAffinity: String?
    package var sessionAffinityConfig: SessionAffinityConfig?
    /// Cluster when absent: about connections that come to a node's address.
    package var externalTrafficPolicy: String?
    /// Cluster when absent.
    package var internalTrafficPolicy: String?
    package var publishNotReadyAddresses: Bool?
    /// PreferClose (the same as PreferSameZone) or PreferSameNode; absent: endpoints anywhere are alike.
    package var trafficDistribution: String?
    package var externalName: String?
    /// Addresses from outside at which nodes take traffic for it.
    package var externalIPs: [String]?
    /// The address that is wanted of a load balancer.
    package var loadBalancerIP: String?
    /// Who is to give the address of a load balancer; absent: whoever does in this cluster.
    package var loadBalancerClass: String?
    /// The networks whose hosts may come by the load balancer's addresses; absent or empty: all may.
    package var loadBalancerSourceRanges: [String]?
    /// Where a load balancer asks whether a node has endpoints, with `externalTrafficPolicy` Local.
    package var healthCheckNodePort: Int?

    package init(
        clusterIPs: [String]? = nil, ports: [ServicePort]? = nil, selector: [String: String]? = nil
    ) {
        clusterIP = clusterIPs?.first
        self.clusterIPs = clusterIPs
        self.ports = ports
        self.selector = selector
    }
}

package struct ServicePort: Codable, Hashable, Sendable {
    package var name: String?
    /// TCP, UDP or SCTP; TCP when absent.
    package var `protocol`: String?
    package var port: Int
    /// The same as `port` when absent.
    package var targetPort: IntOrString?
    package var nodePort: Int?
    package var appProtocol: String?

    package init(name: String? = nil, protocol: String? = nil, port: Int, targetPort: IntOrString? = nil) {
        self.name = name
        self.protocol = `protocol`
        self.port = port
        self.targetPort = targetPort
    }
}

package struct SessionAffinityConfig: Codable, Hashable, Sendable {
    package var clientIP: ClientIP?

    package init(timeoutSeconds: Int?) { clientIP = ClientIP(timeoutSeconds: timeoutSeconds) }

    package struct ClientIP: Codable, Hashable, Sendable {
        /// 1 to 86,400; 10,800 when absent.
        package var timeoutSeconds: Int?
    }
}

package struct ServiceStatus: Codable, Hashable, Sendable {
    package var loadBalancer: LoadBalancerStatus?

    package init(loadBalancer: LoadBalancerStatus? = nil) { self.loadBalancer = loadBalancer }
}

package struct LoadBalancerStatus: Codable, Hashable, Sendable {
    package var ingress: [LoadBalancerIngress]?

    package init(ingress: [LoadBalancerIngress]? = nil) { self.ingress = ingress }
}

package struct LoadBalancerIngress: Codable, Hashable, Sendable {
    package var ip: String?
    package var hostname: String?
    /// VIP when absent: packets reach nodes with `ip` as their destination; with Proxy, they come to nodes' own addresses.
    package var ipMode: String?

    package init(ip: String? = nil, hostname: String? = nil) {
        self.ip = ip
        self.hostname = hostname
    }
}
