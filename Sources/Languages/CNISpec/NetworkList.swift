/// What runtimes find in their folder of networks (`NAME.conflist`): our plugin, and where its agent listens.
package struct NetworkList: Codable, Hashable, Sendable {
    /// Runtimes take the first by the alphabet.
    package static let fileName = "10-gabion.conflist"
    package static let program = "gabion-cni"

    /// Of the versions that kubelet's runtimes, podman and ctr all know.
    package let cniVersion: String
    package let name: String
    package let plugins: [Plugin]

    package struct Plugin: Codable, Hashable, Sendable {
        package let type: String
        package let socket: String
        package let capabilities: [String: Bool]
    }

    package init(socket: String) {
        cniVersion = SpecVersion.v1_0_0.rawValue
        name = "gabion"
        plugins = [
            Plugin(
                type: Self.program, socket: socket, capabilities: ["portMappings": true, "bandwidth": true])
        ]
    }
}
