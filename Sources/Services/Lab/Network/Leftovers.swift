import FoundationEssentials
import LinuxSystem

/// What a lab left behind: found by its names, whoever made it and however that ended.
struct Leftovers {
    let directory: LabDirectory

    /// Ends the lab's supervisor and every process inside its namespaces, removes its namespaces and its directory.
    ///
    /// Processes are known by the namespace that they live in, never by their names.
    func sweep() async throws {
        try await endSupervisor()
        let names = try NetworkNamespace.list(prefix: directory.name.namespacePrefix)
        try await NamespaceProcesses.end(in: names)
        for name in names { try NetworkNamespace.delete(named: name) }
        try directory.remove()
    }

    /// True if the lab's supervisor runs.
    var supervisor: ProcessHandle? {
        guard let data = FileManager.default.contents(atPath: directory.supervisorPID),
            let pid = Int32(String(decoding: data, as: UTF8.self).filter { !$0.isWhitespace }),
            let line = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline")
        else { return nil }
        // The number may have come to mean another process since: it must be a supervisor, and of this lab.
        let words = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        guard words.contains("supervise"), words.contains(directory.name.text) else { return nil }
        return (try? ProcessHandle(pid: pid)) ?? nil
    }

    private func endSupervisor() async throws {
        guard let supervisor else { return }
        try await supervisor.end(grace: .seconds(10))
    }
}
