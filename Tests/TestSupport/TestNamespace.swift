import Glibc
package import LinuxSystem

/// A network namespace of one test: a name nobody else has, removed when the test lets it go, however the test ends.
package final class TestNamespace: Sendable {
    package let name: String
    package var reference: NamespaceReference { .named(name) }
    package var path: String { NetworkNamespace.path(of: name) }

    /// Loopback is up unless said otherwise.
    package init(_ purpose: String = "test", loopback: Bool = true) throws {
        Self.sweep
        name = Self.uniqueName(purpose)
        try NetworkNamespace.create(named: name)
        guard loopback else { return }
        do {
            try run("/usr/sbin/ip", "link", "set", "lo", "up")
        } catch {
            try? NetworkNamespace.delete(named: name)
            throw error
        }
    }

    /// A name for a namespace that the caller removes.
    package static func uniqueName(_ purpose: String) -> String {
        "\(prefix)\(getpid())-\(purpose)-\(UniqueName.next())"
    }

    private static let prefix = "gbt-"

    /// Removes, once, what test processes left that ended without letting go.
    private static let sweep: Void = {
        for name in (try? NetworkNamespace.list(prefix: prefix)) ?? [] {
            let pid = name.dropFirst(prefix.count).prefix { $0 != "-" }
            guard let pid = Int32(pid), kill(pid, 0) != 0, errno == ESRCH else { continue }
            try? NetworkNamespace.delete(named: name)
        }
    }()

    deinit { try? NetworkNamespace.delete(named: name) }

    /// Runs `body` inside, on a thread of its own.
    package func inside<Result: Sendable>(_ body: @Sendable () throws -> Result) throws -> Result {
        try withNetworkNamespace(reference, body)
    }

    /// Runs a program inside to its end; throws with its output when it fails or takes longer than ten seconds.
    @discardableResult
    package func run(_ path: String, _ arguments: String...) throws -> String {
        try TestProgram.run(path, arguments, in: reference)
    }
}
