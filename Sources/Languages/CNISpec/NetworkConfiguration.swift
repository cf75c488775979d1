/// The configuration on standard input, as far as Gabion reads it; fields of others are ignored.
package struct NetworkConfiguration: Codable, Hashable, Sendable {
    /// As written; see `version`.
    package var cniVersion: String?
    package var cniVersions: [String]?
    package var name: String?
    package var type: String?
    /// Where the agent listens.
    package var socket: String?
    /// The namespace of containers that no kubelet runs.
    package var namespace: String?
    package var prevResult: CNIResult?
    package var runtimeConfig: RuntimeConfiguration?
    /// GC: the attachments that are still in use.
    package var validAttachments: [Attachment]?

    /// What a runtime passes.
    package init(
        _ version: SpecVersion, name: String, type: String, socket: String, namespace: String? = nil,
        runtimeConfig: RuntimeConfiguration? = nil
    ) {
        cniVersion = version.rawValue
        self.name = name
        self.type = type
        self.socket = socket
        self.namespace = namespace
        self.runtimeConfig = runtimeConfig
    }

    /// The agent's socket when the configuration does not name one.
    package static let defaultSocket = "/run/gabion/agent.sock"

    package struct Attachment: Codable, Hashable, Sendable {
        package var containerID: String
        package var ifname: String

        package init(containerID: String, ifname: String) {
            self.containerID = containerID
            self.ifname = ifname
        }
    }

    /// Capability arguments.
    ///
    /// Port mappings become frontends of this node, the bandwidth becomes queues.
    package struct RuntimeConfiguration: Codable, Hashable, Sendable {
        package var portMappings: [PortMapping]?
        package var bandwidth: Bandwidth?

        package init(portMappings: [PortMapping]? = nil, bandwidth: Bandwidth? = nil) {
            self.portMappings = portMappings
            self.bandwidth = bandwidth
        }
    }

    package struct PortMapping: Codable, Hashable, Sendable {
        package var hostPort: Int
        package var containerPort: Int
        package var `protocol`: String?
        package var hostIP: String?

        package init(hostPort: Int, containerPort: Int, protocol: String? = nil, hostIP: String? = nil) {
            self.hostPort = hostPort
            self.containerPort = containerPort
            self.protocol = `protocol`
            self.hostIP = hostIP
        }
    }

    /// Rates in bits per second, bursts in bits.
    package struct Bandwidth: Codable, Hashable, Sendable {
        package var ingressRate: UInt64?
        package var ingressBurst: UInt64?
        package var egressRate: UInt64?
        package var egressBurst: UInt64?

        package init(ingressRate: UInt64? = nil, egressRate: UInt64? = nil) {
            self.ingressRate = ingressRate
            self.egressRate = egressRate
        }
    }

    private enum CodingKeys: String, CodingKey {
        case cniVersion, cniVersions, name, type, socket, namespace, prevResult, runtimeConfig
        case validAttachments = "cni.dev/valid-attachments"
    }
}

extension NetworkConfiguration {
    /// The version to answer in.
    ///
    /// An absent version means 0.1.0 to the specification, which we do not speak.
    ///
    /// - Throws: code 1 when we do not speak it, or when it lacks the verb.
    package func version(for command: Command) throws(PluginError) -> SpecVersion {
        let text = cniVersion ?? "0.1.0"
        guard let version = SpecVersion(rawValue: text) else {
            throw PluginError(
                .incompatibleVersion, "incompatible CNI version '\(text)'",
                details: "this plugin speaks \(SpecVersion.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        guard version >= command.since else {
            throw PluginError(
                .incompatibleVersion, "\(command.rawValue) does not exist in CNI version \(text)",
                details: "set cniVersion to \(command.since.rawValue) or later")
        }
        return version
    }

    /// - Throws: code 7, naming the field, for a configuration without a proper network name.
    package func checkName() throws(PluginError) {
        guard let name, !name.isEmpty else {
            throw PluginError(.invalidConfiguration, "the network configuration has no 'name'")
        }
        guard Invocation.isContainerID(name) else {
            throw PluginError(
                .invalidConfiguration, "invalid network name '\(name)'",
                details: "it must start with a letter or digit and go on with letters, digits, '_', '.' or '-'")
        }
    }
}
