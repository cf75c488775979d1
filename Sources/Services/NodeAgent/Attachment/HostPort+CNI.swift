import CNISpec
import NetworkTypes
import NodeModel

extension HostPort {
    /// From `portMappings` of the runtime; nil for a mapping without a host port, which asks for nothing.
    ///
    /// - Throws: code 7 for what is no port, protocol or address.
    init?(mapping: NetworkConfiguration.PortMapping) throws(PluginError) {
        if mapping.hostPort == 0 { return nil }
        func refusal(_ what: String) -> PluginError {
            PluginError(
                .invalidConfiguration, "portMappings: \(what)",
                details: "the runtime must pass ports from 1 to 65535, tcp, udp or sctp, and an address or none")
        }
        guard let hostPort = UInt16(exactly: mapping.hostPort) else { throw refusal("hostPort \(mapping.hostPort)") }
        guard let port = UInt16(exactly: mapping.containerPort), port > 0 else {
            throw refusal("containerPort \(mapping.containerPort)")
        }
        let name = mapping.protocol ?? "tcp"
        guard let transport = TransportProtocol(parsing: name), transport.hasPorts else {
            throw refusal("protocol '\(name)'")
        }
        let text = mapping.hostIP ?? ""
        guard text.isEmpty || IPAddress(text) != nil else { throw refusal("hostIP '\(text)'") }
        // The unspecified address stands for all.
        let address = IPAddress(text).flatMap { $0.bits == 0 ? nil : $0 }
        self.init(hostPort, to: port, transport, at: address)
    }
}
