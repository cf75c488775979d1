package import CNISpec
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

    package var interface: PodInterface {
        PodInterface(
            hostName: attachment.interface, podName: key.interfaceName, podMAC: attachment.mac,
            namespacePath: namespacePath, addresses: attachment.addresses, mtu: UInt32(mtu),
            alias: "gabion \(attachment.pod) \(key.containerID)")
    }
}
