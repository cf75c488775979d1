import ClusterAPI
import Foundation
import LinuxSystem

/// The network that podman and containerd find in `/etc/cni/net.d`.
enum RuntimeNetwork {
    /// Of the CNI versions that both know.
    private static let version = "1.0.0"

    static func list(_ settings: StandaloneSettings) -> JSONValue {
        [
            "cniVersion": .string(version), "name": "gabion",
            "plugins": [
                [
                    "type": "gabion-cni", "socket": .string(settings.agentSocket),
                    "capabilities": ["portMappings": true, "bandwidth": true],
                ]
            ],
        ]
    }

    /// Writes it, whole or not at all; runtimes look at it when the agent answers.
    static func write(_ settings: StandaloneSettings) throws {
        guard let path = settings.networkList, let directory = settings.runtimeDirectory else { return }
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try OwnedDescriptor.open(path + ".new", for: .overwrite).write(Array(try encoder.encode(list(settings))) + [10])
        try FileReplacement.move(path + ".new", onto: path)
    }
}
