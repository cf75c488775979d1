import Glibc
import Synchronization

/// A named pipe (FIFO) that this process reads lines from.
///
/// It is open for both directions, so that it never ends when a writer goes.
package final class NamedPipe: Sendable {
    private let descriptor: OwnedDescriptor
    /// What has come of a line that is not whole.
    private let rest = Mutex<[UInt8]>([])
    /// A writer that never ends its line is not to take all memory.
    private static let longestLine = 65_536

    /// Makes the pipe for its owner alone (mode 0600) unless it is there.
    package init(_ path: String) throws(SystemError) {
        if mkfifo(path, 0o600) != 0, errno != EEXIST { throw SystemError("make", "the pipe \(path)") }
        var status = stat()
        try systemCall("look at", path) { lstat(path, &status) }
        guard status.st_mode & S_IFMT == S_IFIFO else { throw SystemError("read as a pipe", path, .invalid) }
        descriptor = try OwnedDescriptor.open(path, for: .readWrite)
    }

    /// The lines that have come, as soon as there are any; none when `timeout` has passed.
    package func lines(within timeout: Duration) async throws -> [String] {
        try await DedicatedThread.run { [self] in
            guard try Readiness.wait(descriptor.rawValue, for: .readable, timeout: timeout) else { return [] }
            let bytes = try descriptor.read(upTo: 65_536) ?? []
            return rest.withLock { rest in
                let parts = (rest + bytes).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
                rest = Array(parts.last?.prefix(Self.longestLine) ?? [])
                return parts.dropLast().map { String(decoding: $0, as: UTF8.self) }
            }
        }
    }
}
