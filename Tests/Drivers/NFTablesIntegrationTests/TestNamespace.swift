import Glibc
import LinuxSystem
import Synchronization

private let namespaceCounter = Atomic<Int>(0)

/// Runs `body` in a network namespace of its own, which is gone afterwards.
func withTestNamespace<Result>(_ body: (NamespaceReference) async throws -> Result) async throws -> Result {
    let number = namespaceCounter.add(1, ordering: .relaxed).newValue
    let name = "nftest-\(getpid())-\(number)"
    let namespace = try NetworkNamespace.create(named: name)
    do {
        let result = try await body(namespace)
        try NetworkNamespace.delete(named: name)
        return result
    } catch {
        try NetworkNamespace.delete(named: name)
        throw error
    }
}
