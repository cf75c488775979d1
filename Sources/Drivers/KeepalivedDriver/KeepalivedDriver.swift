import FoundationEssentials
package import Keepalived
package import LinuxSystem
import Synchronization
import ToolRunner

/// One keepalived (VRRP only) of one network namespace: its file, its process, found again by another instance of us.
///
/// It outlives us unless it is told to end: an address moves because a node is unwell, and not because we are.
package final class KeepalivedDriver: Sendable {
    /// Where its files are; all in a directory that only root may look into.
    package struct Place: Hashable, Sendable {
        package var configuration: String
        package var pidFile: String
        package var vrrpPidFile: String
        package var log: String

        package init(configuration: String, pidFile: String, vrrpPidFile: String, log: String) {
            self.configuration = configuration
            self.pidFile = pidFile
            self.vrrpPidFile = vrrpPidFile
            self.log = log
        }
    }

    private static let program = "/usr/sbin/keepalived"

    private let place: Place
    private let namespace: NamespaceReference
    private let process = Mutex<ProcessHandle?>(nil)

    package init(_ place: Place, in namespace: NamespaceReference = .current) {
        self.place = place
        self.namespace = namespace
        process.withLock { $0 = found(place.pidFile) }
    }

    package static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: program) }

    package var isRunning: Bool { process.withLock { $0?.isRunning ?? false } }

    /// The number of its process; nil while there is none.
    package var pid: Int32? { process.withLock { $0.flatMap { $0.isRunning ? $0.pid : nil } } }

    /// The file as it was written last; nil without one.
    package func written() -> String? {
        FileManager.default.contents(atPath: place.configuration).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Writes the file, and starts keepalived or has it read the file again.
    ///
    /// - Throws: when keepalived does not understand the file; what runs goes on as it was.
    package func apply(_ configuration: KeepalivedConfiguration) async throws {
        let draft = place.configuration + ".new"
        try? FileManager.default.removeItem(atPath: draft)
        // There may be a key in it.
        let isMade = FileManager.default.createFile(
            atPath: draft, contents: Data(configuration.text.utf8), attributes: [.posixPermissions: 0o600])
        guard isMade else { throw KeepalivedError("cannot write \(draft)") }
        try await check(draft)
        try FileReplacement.move(draft, onto: place.configuration)
        if let running = process.withLock({ $0 }), running.isRunning {
            try running.send(.hangUp)
        } else {
            try start()
        }
    }

    private func check(_ path: String) async throws {
        do {
            try await ToolRunner().run(Self.program, ["-t", "-l", "-f", path], in: namespace, deadline: .seconds(10))
        } catch let error as ToolError {
            if case .notRun = error.reason {
                throw KeepalivedError("\(Self.program) cannot be run: install the package keepalived (\(error))")
            }
            throw KeepalivedError("keepalived does not understand its file \(path): \(error)")
        }
    }

    /// With the file that is there.
    package func start() throws {
        // A part that outlived the other would hold the addresses, and its pid file, be it a zombie's, keep the new one from
        // starting.
        try found(place.vrrpPidFile)?.terminate(grace: .seconds(1))
        for path in [place.pidFile, place.vrrpPidFile] { try? FileManager.default.removeItem(atPath: path) }
        try? FileManager.default.removeItem(atPath: place.log)
        var program = Program(
            Self.program,
            [
                "--vrrp", "--dont-fork", "--log-console", "--use-file", place.configuration, "--pid", place.pidFile,
                "--vrrp_pid", place.vrrpPidFile,
            ], environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"])
        program.namespace = namespace
        program.output = .file(place.log)
        program.signalOnParentDeath = nil
        let started = try program.spawn()
        process.withLock { $0 = started }
    }

    /// Ends it; it tells the others that they may have its addresses, and takes them off.
    package func end(within grace: Duration = .seconds(5)) async throws {
        try await process.withLock { $0 }?.end(grace: grace)
        process.withLock { $0 = nil }
        try found(place.vrrpPidFile)?.terminate(grace: .seconds(1))
        for path in [place.pidFile, place.vrrpPidFile] { try? FileManager.default.removeItem(atPath: path) }
    }

    /// Nil unless the number is that of a keepalived with our file: it may have come to mean another process.
    private func found(_ pidFile: String) -> ProcessHandle? {
        guard let data = FileManager.default.contents(atPath: pidFile),
            let pid = Int32(String(decoding: data, as: UTF8.self).filter { !$0.isWhitespace }),
            let handle = try? ProcessHandle(pid: pid),
            let line = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline")
        else { return nil }
        let words = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        guard words.first == Self.program, words.contains(place.configuration) else { return nil }
        return handle
    }
}
