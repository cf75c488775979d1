import LinuxSystem
import TestSupport

/// Runs `body` in a network namespace of its own, which is gone afterwards.
///
/// Loopback is down.
func withTestNamespace<Result>(_ body: (NamespaceReference) async throws -> Result) async throws -> Result {
    let namespace = try TestNamespace("nft", loopback: false)
    defer { withExtendedLifetime(namespace) {} }
    return try await body(namespace.reference)
}
