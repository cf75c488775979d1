package import ClusterAPI
import FoundationEssentials
import KubernetesClient
import LinuxSystem
import Logging

/// A running lab: a whole cluster of network namespaces on this machine, with real processes and real packets.
package struct Lab: Sendable {
    package let directory: LabDirectory
    package let topology: LabTopology

    /// Brings up a lab and returns when all of its pods are ready.
    ///
    /// Leftovers of a lab of the same name are removed first; a running one is an error.
    ///
    /// - Parameters:
    ///   - objects: What the cluster is to contain: namespaces, pods, policies.
    ///   - endsWithThisProcess: For tests: the lab goes when this process does.
    ///   - binaries: The programs; nil: those that `LabBinaries` finds.
    ///   - progress: Called with a line per step.
    /// - Throws: `LabError` with the cause and the end of the log concerned. Nothing of the lab is left then.
    package static func up(
        _ name: LabName, _ topology: LabTopology, objects: [JSONValue], endsWithThisProcess: Bool = false,
        binaries: LabBinaries? = nil, progress: (String) -> Void = { _ in }
    ) async throws -> Lab {
        guard Host.mayConfigureNetwork else {
            throw LabError("a lab needs root: it makes network namespaces", remedy: "Run it with sudo, or as root.")
        }
        let lab = Lab(directory: LabDirectory(name), topology: topology)
        let leftovers = Leftovers(directory: lab.directory)
        if leftovers.supervisor != nil {
            throw LabError(
                "lab \(name) runs already",
                remedy: "End it with gabion lab down --name \(name), or choose another --name.")
        }
        try await leftovers.sweep()
        let owner = endsWithThisProcess ? ProcessInfo.processInfo.processIdentifier : nil
        let request = LabRequest(
            name: name, topology: topology, binaries: try binaries ?? LabBinaries(), objects: objects, owner: owner)
        try lab.directory.create(nodes: topology.nodes.map(\.name))
        do {
            try JSONFile.write(request, to: lab.directory.request)
            try await lab.start(request, progress)
            return lab
        } catch {
            try await leftovers.sweep()
            throw error
        }
    }

    /// A lab that runs already; throws with a remedy when it does not.
    package static func running(_ name: LabName) throws -> Lab {
        let directory = LabDirectory(name)
        let state = try LabState.read(directory)
        guard Leftovers(directory: directory).supervisor != nil else {
            throw LabError(
                "lab \(name) has crashed: its supervisor is gone",
                remedy: "Remove what is left with gabion lab down --name \(name), then start it again.")
        }
        return Lab(directory: directory, topology: state.topology)
    }

    /// Ends a lab and removes every trace of it; also what a crashed one left.
    ///
    /// Returns false when there was nothing.
    @discardableResult
    package static func down(_ name: LabName) async throws -> Bool {
        let directory = LabDirectory(name)
        let isThere = try directory.exists || !NetworkNamespace.list(prefix: name.namespacePrefix).isEmpty
        try await Leftovers(directory: directory).sweep()
        return isThere
    }

    package func down() async throws { try await Self.down(directory.name) }

    private func start(_ request: LabRequest, _ progress: (String) -> Void) async throws {
        var supervisor = Program(
            request.binaries.gabion, ["lab", "supervise", directory.name.text], environment: Program.ownEnvironment)
        supervisor.signalOnParentDeath = nil
        supervisor.output = .file(directory.log("supervisor"))
        let process = try supervisor.spawn()
        var shown = 0
        while true {
            let lines = ProgressLog.lines(at: directory.progress)
            for line in lines.dropFirst(shown) {
                if line == ProgressLog.ready { return }
                if line.hasPrefix(ProgressLog.failure) {
                    _ = try await process.exit(within: .seconds(10))
                    throw LabError(String(line.dropFirst(ProgressLog.failure.count)))
                }
                progress(line)
            }
            shown = lines.count
            if let status = process.status(), ProgressLog.lines(at: directory.progress).count == shown {
                throw LabError(
                    "the lab's supervisor ended with \(status)\n" + directory.tail(ofLog: "supervisor"))
            }
            try await Task.sleep(for: .milliseconds(30))
        }
    }
}
