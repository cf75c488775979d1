package import CNISpec
import NetworkTypes
package import NodeModel
package import RoutingDriver

/// One attachment as the agent remembers it over a restart: enough to answer every CNI verb about it.
package struct AttachmentRecord: Hashable, Sendable, Codable {
    package let key: AttachmentKey
    /// The container's network namespace as ADD named it.
    package let namespacePath: String
    package let mtu: Int
    package let attachment: PodAttachment
    /// Port mappings and bandwidth as the runtime passed them.
    package let runtimeConfiguration: NetworkConfiguration.RuntimeConfiguration?

    package init(
        key: AttachmentKey, namespacePath: String, mtu: Int, attachment: PodAttachment,
        runtimeConfiguration: NetworkConfiguration.RuntimeConfiguration?
    ) {
        self.key = key
        self.namespacePath = namespacePath
        self.mtu = mtu
        self.attachment = attachment
        self.runtimeConfiguration = runtimeConfiguration
    }

    /// Every pod sees the same gateway MAC: the pair is a point-to-point link, nobody else is on it.
    static let gatewayMAC = MACAddress(bits: 0x0A58_A9FE_0101)

    package var interface: PodInterface {
        PodInterface(
            hostName: attachment.interface, hostMAC: Self.gatewayMAC, podName: key.interfaceName,
            podMAC: attachment.mac, namespacePath: namespacePath, addresses: attachment.addresses, mtu: UInt32(mtu),
            alias: "gabion \(attachment.pod) \(key.containerID)")
    }
}
