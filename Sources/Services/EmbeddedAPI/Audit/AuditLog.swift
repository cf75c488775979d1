import Foundation
import Logging
import Synchronization

/// The audit log: one line for every write that was asked for, in the order of the answers.
///
/// A line is with the kernel before its request is answered, so that a killed server loses none. When it cannot be
/// written the request goes on, as in Kubernetes: a network whose policies nobody can change is no safer. The loss is
/// counted and logged.
final class AuditLog: Sendable {
    private struct File {
        var handle: FileHandle
        /// The last line was not ended: by a crash, or a full disk.
        var isTorn: Bool
        /// The lines that were lost since the last one that was written.
        var lost = 0
    }

    private let path: String
    private let largestSize: UInt64
    private let keptFiles: Int
    private let counters: ServerCounters
    private let logger: Logger
    private let file: Mutex<File>

    /// Throws when the file cannot be opened: a server that was told to keep a log does not start without it.
    init(_ options: AuditLogOptions, counters: ServerCounters, logger: Logger) throws {
        path = options.path
        largestSize = UInt64(options.largestSize)
        keptFiles = options.keptFiles
        self.counters = counters
        self.logger = logger
        file = Mutex(try Self.open(options.path))
    }

    func append(_ line: [UInt8]) {
        file.withLock { file in
            do {
                try write(line, &file)
                counters.auditLineWritten()
                if file.lost > 0 { logger.notice("\(path) is written again; it misses \(file.lost) lines") }
                file.lost = 0
            } catch {
                counters.auditLineLost()
                file.lost += 1
                if file.lost == 1 {
                    logger.error(
                        "\(path) cannot be written: \(error); writes go on and are missing in the audit log until it can"
                    )
                }
            }
        }
    }

    private func write(_ line: [UInt8], _ file: inout File) throws {
        // Somebody took the file away: what is written into it now, nobody would find.
        if !FileManager.default.fileExists(atPath: path) { file = try Self.open(path, lost: file.lost) }
        // The end is asked for each time, since somebody may have emptied the file.
        var end = try file.handle.seekToEnd()
        if end > 0, end + UInt64(line.count) + 1 > largestSize {
            rotate(&file)
            end = try file.handle.seekToEnd()
        }
        let text = (file.isTorn ? [UInt8(ascii: "\n")] : []) + line + [UInt8(ascii: "\n")]
        do {
            try file.handle.write(contentsOf: Data(text))
            file.isTorn = false
        } catch {
            do { try file.handle.truncate(atOffset: end) } catch { file.isTorn = true }
            throw error
        }
    }

    /// `FILE` becomes `FILE.1`, and so on; the oldest goes.
    ///
    /// Where that fails the file grows: lines matter more than its size.
    private func rotate(_ file: inout File) {
        do {
            let files = FileManager.default
            for number in stride(from: keptFiles, to: 0, by: -1) {
                let older = "\(path).\(number)"
                let newer = number == 1 ? path : "\(path).\(number - 1)"
                guard files.fileExists(atPath: newer) else { continue }
                if files.fileExists(atPath: older) { try files.removeItem(atPath: older) }
                try files.moveItem(atPath: newer, toPath: older)
            }
            file = try Self.open(path, lost: file.lost)
        } catch {
            logger.warning("\(path) cannot be put aside and grows beyond its size: \(error)")
        }
    }

    private static func open(_ path: String, lost: Int = 0) throws -> File {
        if !FileManager.default.fileExists(atPath: path) {
            let made = FileManager.default.createFile(
                atPath: path, contents: Data(), attributes: [.posixPermissions: 0o600])
            guard made else {
                throw SecurityError.file(path, "the audit log cannot be created; does its folder exist?")
            }
        }
        do {
            let handle = try FileHandle(forUpdating: URL(filePath: path))
            let end = try handle.seekToEnd()
            if end > 0 { try handle.seek(toOffset: end - 1) }
            let last = try end > 0 ? handle.read(upToCount: 1) : nil
            return File(handle: handle, isTorn: last.map { $0 != Data("\n".utf8) } ?? false, lost: lost)
        } catch {
            throw SecurityError.file(path, "the audit log cannot be opened: \(error)")
        }
    }
}
