package import LinuxSystem

/// A network namespace of one test: a name nobody else has, removed when the test lets it go, however the test ends.
package final class TestNamespace: Sendable {
    package let name: String
    package var reference: NamespaceReference { .named(name) }
    package var path: String { NetworkNamespace.path(of: name) }

    /// Loopback is up unless said otherwise.
    package init(_ purpose: String = "test", loopback: Bool = true) throws {
        name = "gbt-\(purpose)-\(UniqueName.next())"
        try NetworkNamespace.create(named: name)
        guard loopback else { return }
        do {
            try run("/usr/sbin/ip", "link", "set", "lo", "up")
        } catch {
            try? NetworkNamespace.delete(named: name)
            throw error
        }
    }

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
