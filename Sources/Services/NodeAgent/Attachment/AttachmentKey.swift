package import CNISpec
import NetworkTypes

/// What identifies an attachment to a runtime: the network's name, the container, the interface inside it (SPEC.md).
package struct AttachmentKey: Hashable, Sendable, Codable, CustomStringConvertible {
    package let network: String
    package let containerID: String
    package let interfaceName: String

    package init(network: String, containerID: String, interfaceName: String) {
        self.network = network
        self.containerID = containerID
        self.interfaceName = interfaceName
    }

    package init(_ invocation: Invocation, network: String) {
        self.init(network: network, containerID: invocation.containerID, interfaceName: invocation.interfaceName)
    }

    /// The name of the host's end of the veth pair, a function of the key alone: `gab` and twelve hexadecimal digits.
    package var hostInterface: String { "gab" + "\(network)/\(containerID)/\(interfaceName)".stableHash.suffix(12) }

    package var description: String { "\(network)/\(containerID)/\(interfaceName)" }
}
