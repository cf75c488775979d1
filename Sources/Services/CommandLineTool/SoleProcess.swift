import LinuxSystem
import ManifestFiles

/// One process of a kind on each node: two would undo each other's work in its kernel.
enum SoleProcess {
    /// Runs `body` while this network namespace, and the directory in which the process remembers, are claimed for `verb`
    /// ("agent").
    ///
    /// One that is just ending is waited for.
    ///
    /// - Throws: `CommandFailure`, before `body` runs, when another process has one of them; what `body` throws.
    static func run(_ verb: String, directory: String? = nil, _ body: () async throws -> Void) async throws {
        let name = "gabion \(verb)"
        guard let network = try await claim({ try ExclusiveClaim.network(name) }) else {
            throw CommandFailure(
                "another \(name) runs in this network namespace, and two would undo each other's work",
                remedy: "Stop that one first, and what starts it again: ps ax | grep '\(name)'")
        }
        defer { withExtendedLifetime(network) {} }
        guard let directory else { return try await body() }
        guard let place = try await claim({ try ExclusiveClaim.directory(directory) }) else {
            throw CommandFailure(
                "\(directory) is another \(name)'s, and each would forget what the other noted there",
                remedy: "Name a directory of its own for each.")
        }
        defer { withExtendedLifetime(place) {} }
        try await body()
    }

    private static func claim(_ attempt: () throws -> ExclusiveClaim?) async throws -> ExclusiveClaim? {
        for _ in 0..<40 {
            if let claim = try attempt() { return claim }
            try await Task.sleep(for: .milliseconds(50))
        }
        return nil
    }
}
