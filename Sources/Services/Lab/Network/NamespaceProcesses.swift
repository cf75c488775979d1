import FoundationEssentials
import LinuxSystem

/// The processes of network namespaces, known by where they live and never by their names.
enum NamespaceProcesses {
    /// Kills every process that lives in one of the namespaces, and waits until they are gone.
    static func end(in names: [String]) async throws {
        let identities = Set(names.compactMap { try? NetworkNamespace.identity(of: .named($0)) })
        if identities.isEmpty { return }
        let entries = try FileManager.default.contentsOfDirectory(atPath: "/proc")
        let found = entries.compactMap { Int32($0) }.filter { pid in
            (try? NetworkNamespace.identity(of: .process(pid))).map(identities.contains) ?? false
        }
        let processes = found.compactMap { try? ProcessHandle(pid: $0) }
        for process in processes { try process.send(.kill) }
        for process in processes { _ = try await process.exit(within: .seconds(5)) }
    }
}
