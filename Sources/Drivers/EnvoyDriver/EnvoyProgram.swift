import FoundationEssentials
import LinuxSystem

/// Where Envoy is on this machine.
package enum EnvoyProgram {
    /// What `scripts/install-envoy` installs.
    package static let version = "1.40.0"

    private static let usual = [
        "/usr/local/bin/envoy", "/usr/bin/envoy", "/var/cache/gabion-tools/envoy-\(version)/envoy",
    ]

    /// The path; GABION_ENVOY names another.
    ///
    /// - Throws: what to do when there is none.
    package static func path() throws(EnvoyError) -> String {
        let chosen = Environment.value(of: "GABION_ENVOY").flatMap { $0.isEmpty ? nil : $0 }
        let candidates = chosen.map { [$0] } ?? usual
        for path in candidates where FileManager.default.isExecutableFile(atPath: path) { return path }
        throw EnvoyError(
            "Envoy is not on this machine (looked for \(candidates.joined(separator: ", "))): install it with"
                + " `make envoy`, or name it in GABION_ENVOY")
    }
}

/// Envoy did not do what it was told.
package struct EnvoyError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
