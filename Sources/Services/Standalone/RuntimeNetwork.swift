import CNISpec
import Foundation
import LinuxSystem

/// The network that podman and containerd find in `/etc/cni/net.d`.
enum RuntimeNetwork {
    /// Writes it, whole or not at all; runtimes look at it when the agent answers.
    static func write(_ settings: StandaloneSettings) throws {
        guard let path = settings.networkList, let directory = settings.runtimeDirectory else { return }
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try OwnedDescriptor.open(path + ".new", for: .overwrite).write(
            Array(try encoder.encode(NetworkList(socket: settings.agentSocket))) + [10])
        try FileReplacement.move(path + ".new", onto: path)
    }
}
