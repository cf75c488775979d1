package import AuditTrail
import EmbeddedAPI
package import Foundation
import ManifestFiles

/// The files of audit logs: one JSON event to a line.
package enum AuditLogFiles {
    /// No event is longer: an API server takes objects of a few mebibytes, and an event holds two.
    private static let longestLine = 32 << 20
    private static let chunk = 1 << 20

    /// - Parameter paths: Files; `-` stands for standard input.
    /// - Throws: `CommandFailure` for a file that cannot be read.
    package static func read(
        _ paths: [String], standardInput: FileHandle = .standardInput
    ) throws -> AuditTrail {
        var trail = AuditTrail()
        for path in paths {
            do {
                let isInput = path == "-"
                let handle = try isInput ? standardInput : FileHandle(forReadingFrom: URL(fileURLWithPath: path))
                try read(handle, named: isInput ? "standard input" : path, into: &trail)
                if !isInput { try handle.close() }
            } catch {
                throw CommandFailure(
                    "the audit log \(path) cannot be read: \(FileFault.reason(error))",
                    remedy: "Name files with --audit-log, unpacked, or - for standard input.")
            }
        }
        return trail
    }

    private static func read(_ handle: FileHandle, named name: String, into trail: inout AuditTrail) throws {
        var line: [UInt8] = []
        var number = 1
        var isTooLong = false
        while let data = try handle.read(upToCount: chunk), !data.isEmpty {
            for part in [UInt8](data).split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
                if part.offset > 0 {
                    add(line, isTooLong, at: "\(name):\(number)", to: &trail)
                    line.removeAll(keepingCapacity: true)
                    isTooLong = false
                    number += 1
                }
                if line.count + part.element.count > longestLine { isTooLong = true }
                if !isTooLong { line += part.element }
            }
        }
        add(line, isTooLong, at: "\(name):\(number)", to: &trail)
    }

    private static func add(_ line: [UInt8], _ isTooLong: Bool, at place: String, to trail: inout AuditTrail) {
        if isTooLong { return trail.addForeign("\(place): a line of more than \(longestLine >> 20) MiB") }
        guard line.contains(where: { ![0x20, 0x09, 0x0D].contains($0) }) else { return }
        do {
            trail.add(try EmbeddedAPI.JSONText.decode(line), at: place)
        } catch {
            trail.addForeign("\(place): \(error)")
        }
    }
}
