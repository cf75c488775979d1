/// core/v1 Pod, as far as a network needs it.
package struct Pod: APIObject {
    package static let resource = ResourceType(
        group: "", version: "v1", kind: "Pod", plural: "pods", isNamespaced: true)

    package var metadata: ObjectMeta
    package var spec: PodSpec?
    package var status: PodStatus?

    package init(metadata: ObjectMeta, spec: PodSpec? = nil, status: PodStatus? = nil) {
        self.metadata = metadata
        self.spec = spec
        self.status = status
    }

    package var labels: [String: String] { metadata.labels ?? [:] }
    package var isHostNetwork: Bool { spec?.hostNetwork ?? false }

    /// A pod that has ended keeps its object, and its address may already belong to another pod.
    package var hasTerminated: Bool { status?.phase == "Succeeded" || status?.phase == "Failed" }

    /// The texts of `podIPs`, or of `podIP` alone; primary family first.
    package var addressTexts: [String] {
        if let many = status?.podIPs, !many.isEmpty { return many.map(\.ip) }
        return (status?.podIP).map { [$0] } ?? []
    }

    /// Every declared container port of containers that run beside each other (restartable init containers included).
    package var ports: [ContainerPort] {
        let sidecars = (spec?.initContainers ?? []).filter { $0.restartPolicy == "Always" }
        return (sidecars + (spec?.containers ?? [])).flatMap { $0.ports ?? [] }
    }
}

package struct PodSpec: Codable, Hashable, Sendable {
    package var nodeName: String?
    package var hostNetwork: Bool?
    package var containers: [Container]?
    package var initContainers: [Container]?
    package var restartPolicy: String?
    package var nodeSelector: [String: String]?
    package var hostname: String?
    /// With `hostname`, the name that a headless service of this name gives the pod.
    package var subdomain: String?
    /// ClusterFirst when absent.
    package var dnsPolicy: String?
    package var dnsConfig: PodDNSConfig?

    package init(nodeName: String? = nil, hostNetwork: Bool? = nil, containers: [Container]? = nil) {
        self.nodeName = nodeName
        self.hostNetwork = hostNetwork
        self.containers = containers
    }
}

/// What a pod wants of its resolver, beside what its policy gives it.
package struct PodDNSConfig: Codable, Hashable, Sendable {
    package var nameservers: [String]?
    package var searches: [String]?
    package var options: [Option]?

    package init(nameservers: [String]? = nil, searches: [String]? = nil, options: [Option]? = nil) {
        self.nameservers = nameservers
        self.searches = searches
        self.options = options
    }

    package struct Option: Codable, Hashable, Sendable {
        package var name: String?
        package var value: String?

        package init(name: String?, value: String? = nil) {
            self.name = name
            self.value = value
        }
    }
}

package struct Container: Codable, Hashable, Sendable {
    package var name: String
    package var image: String?
    package var command: [String]?
    package var args: [String]?
    package var ports: [ContainerPort]?
    package var restartPolicy: String?
    package var readinessProbe: Probe?

    /// What tells whether a container is ready: of all kinds, the one that connects.
    package struct Probe: Codable, Hashable, Sendable {
        package var tcpSocket: TCPSocket?

        package struct TCPSocket: Codable, Hashable, Sendable {
            package var port: IntOrString
        }
    }

    package init(name: String, ports: [ContainerPort]? = nil) {
        self.name = name
        self.ports = ports
    }
}

package struct ContainerPort: Codable, Hashable, Sendable {
    package var name: String?
    package var containerPort: Int
    /// TCP, UDP or SCTP; TCP when absent.
    package var `protocol`: String?
    package var hostPort: Int?
    /// The node's address of `hostPort`; all of them when absent.
    package var hostIP: String?

    package init(name: String? = nil, containerPort: Int, protocol: String? = nil) {
        self.name = name
        self.containerPort = containerPort
        self.protocol = `protocol`
    }
}

package struct PodStatus: Codable, Hashable, Sendable {
    package var phase: String?
    package var podIP: String?
    package var podIPs: [PodIP]?
    package var hostIP: String?
    package var conditions: [PodCondition]?

    package init(phase: String? = nil, podIPs: [String] = [], hostIP: String? = nil) {
        self.phase = phase
        podIP = podIPs.first
        self.podIPs = podIPs.isEmpty ? nil : podIPs.map(PodIP.init(ip:))
        self.hostIP = hostIP
    }
}

/// Something that is so or not about a pod: `Ready`, for one.
package struct PodCondition: Codable, Hashable, Sendable {
    package var type: String
    /// True, False or Unknown.
    package var status: String

    package init(type: String, status: String) {
        self.type = type
        self.status = status
    }
}

package struct PodIP: Codable, Hashable, Sendable {
    package var ip: String

    package init(ip: String) { self.ip = ip }
}
