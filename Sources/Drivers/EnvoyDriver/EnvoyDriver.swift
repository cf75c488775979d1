package import EnvoyConfig
import FoundationEssentials
package import LinuxSystem
import Synchronization
import ToolRunner

/// One Envoy of one network namespace: its files, its process, found again by another instance of us.
///
/// It outlives us unless it is told to end, and the connections through it with it.
package final class EnvoyDriver: Sendable {
    /// For all ports of a gateway together.
    package static let maximumConnections = 16_384

    private let files: EnvoyFiles
    private let maximumConnections: Int
    private let program: String
    private let namespace: NamespaceReference
    private let process = Mutex<ProcessHandle?>(nil)

    /// - Parameter files: in a directory that exists and is nobody else's.
    package init(
        _ files: EnvoyFiles, program: String, in namespace: NamespaceReference = .current,
        maximumConnections: Int = EnvoyDriver.maximumConnections
    ) {
        self.files = files
        self.maximumConnections = maximumConnections
        self.program = program
        self.namespace = namespace
        process.withLock { $0 = found() }
    }

    package var isRunning: Bool { process.withLock { $0?.isRunning ?? false } }

    /// The number of its process; nil while there is none.
    package var pid: Int32? { process.withLock { $0.flatMap { $0.isRunning ? $0.pid : nil } } }

    /// Has Envoy do this, and start for it if need be; connections that are open go on.
    ///
    /// - Throws: when Envoy does not take it; then what ran before runs on.
    package func apply(_ resources: EnvoyResources) async throws {
        try await check(resources)
        let texts = [
            (files.clusters, files.clustersText(resources)), (files.routes, files.routesText(resources)),
            (files.listeners, files.listenersText(resources)),
        ]
        let before = texts.map { (path: $0.0, text: text(of: $0.0)) }
        let wasRunning = isRunning
        let rejected = wasRunning ? try await rejections() : 0
        // Clusters first: a listener that leads to none closes what it accepts.
        for (path, text) in texts where !wasRunning || self.text(of: path) != text { try replace(path, with: text) }
        if !wasRunning { try start() }
        do {
            try await waitUntilTaken(resources, rejected: rejected)
        } catch {
            if wasRunning {
                try await restore(before)
            } else {
                // A part of it is not served.
                try await end()
            }
            throw error
        }
    }

    /// Envoy's own opinion, before anything that runs hears of it.
    private func check(_ resources: EnvoyResources) async throws {
        let draft = files.directory + "/check.json"
        try replace(draft, with: files.checkText(resources, maximumConnections: maximumConnections))
        do {
            try await ToolRunner().run(
                program, ["--mode", "validate", "-c", draft, "-l", "error"], in: namespace, deadline: .seconds(30))
        } catch let error as ToolError {
            if case .notRun = error.reason { throw EnvoyError("\(program) cannot be run: \(error)") }
            throw EnvoyError("Envoy does not understand its file \(draft): \(error)")
        }
    }

    /// With the files that are there.
    package func start() throws {
        try replace(files.bootstrap, with: files.bootstrapText(maximumConnections: maximumConnections))
        for path in [files.admin, files.log] { try? FileManager.default.removeItem(atPath: path) }
        var program = Program(
            program,
            [
                "-c", files.bootstrap, "--disable-hot-restart", "--concurrency", "2", "--drain-time-s", "600", "-l",
                "warning", "--component-log-level", "misc:error",
            ], environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"])
        program.namespace = namespace
        program.output = .file(files.log)
        program.signalOnParentDeath = nil
        let started = try program.spawn()
        process.withLock { $0 = started }
        try replace(files.pid, with: "\(started.pid)\n")
    }

    /// Ends it, and the connections through it.
    package func end(within grace: Duration = .seconds(5)) async throws {
        try await process.withLock { $0 }?.end(grace: grace)
        process.withLock { $0 = nil }
        for path in [files.pid, files.admin] { try? FileManager.default.removeItem(atPath: path) }
    }

    private func waitUntilTaken(_ resources: EnvoyResources, rejected: UInt64) async throws {
        let wanted = [
            "listener_manager.lds.version_text": files.listenersVersion(resources),
            "cluster_manager.cds.version_text": files.clustersVersion(resources),
        ]
        let end = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < end {
            guard isRunning else { throw EnvoyError("Envoy ended: \(lastWords)") }
            if let stats = try? await admin.statistics("(lds|cds)\\.(version_text|update_rejected)") {
                if wanted.allSatisfy({ stats.texts[$0.key] == $0.value }) { return }
                if stats.numbers.values.reduce(0, +) > rejected { throw EnvoyError("Envoy refuses: \(lastWords)") }
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw EnvoyError("Envoy does not take its files: \(lastWords)")
    }

    /// What Envoy takes back is in force when this returns.
    private func restore(_ texts: [(path: String, text: String?)]) async throws {
        let changed = texts.filter { $0.text != nil && text(of: $0.path) != $0.text }
        let names = changed.compactMap { Self.counters[$0.path.split(separator: "/").last.map(String.init) ?? ""] }
        let before = try await admin.statistics("(lds|cds)\\.update_success").numbers
        for case (let path, let text?) in changed { try replace(path, with: text) }
        let end = ContinuousClock.now + .seconds(5)
        while ContinuousClock.now < end, isRunning {
            let now = (try? await admin.statistics("(lds|cds)\\.update_success").numbers) ?? [:]
            if names.allSatisfy({ now[$0, default: 0] > before[$0, default: 0] }) { return }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private static let counters = [
        "listeners.json": "listener_manager.lds.update_success", "clusters.json": "cluster_manager.cds.update_success",
    ]

    /// An Envoy that has just been started answers a moment later.
    private func rejections() async throws -> UInt64 {
        let end = ContinuousClock.now + .seconds(5)
        while true {
            do {
                return try await admin.statistics("(lds|cds)\\.update_rejected").numbers.values.reduce(0, +)
            } catch  where ContinuousClock.now < end && isRunning {
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    /// Counters and gauges by Envoy's names, those that have counted.
    package func counters(matching expression: String) async throws -> [String: UInt64] {
        try await admin.statistics(expression).numbers
    }

    private var admin: EnvoyAdmin { EnvoyAdmin(path: files.admin) }

    private var lastWords: String {
        let lines = (text(of: files.log) ?? "").split(separator: "\n").suffix(3).map { String($0.prefix(400)) }
        return lines.isEmpty ? "it has not said why" : lines.joined(separator: "\n")
    }

    private func text(of path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Moved into place, which is what Envoy watches for.
    private func replace(_ path: String, with text: String) throws {
        let draft = path + ".new"
        let isMade = FileManager.default.createFile(
            atPath: draft, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
        guard isMade else { throw EnvoyError("cannot write \(draft): is there room, and is the directory there?") }
        try FileReplacement.move(draft, onto: path)
    }

    /// Nil unless the number is that of an Envoy with our file: it may have come to mean another process.
    private func found() -> ProcessHandle? {
        guard let pid = text(of: files.pid).flatMap({ Int32($0.filter { !$0.isWhitespace }) }),
            let handle = try? ProcessHandle(pid: pid), let line = text(of: "/proc/\(pid)/cmdline")
        else { return nil }
        let words = line.split(separator: "\0").map(String.init)
        return words.first == program && words.contains(files.bootstrap) ? handle : nil
    }
}
