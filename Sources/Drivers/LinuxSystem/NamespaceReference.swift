import CLinux
import Glibc

/// How to find a network namespace.
package enum NamespaceReference: Hashable, Sendable, CustomStringConvertible {
    /// The calling thread's.
    case current
    /// A file such as `/run/netns/blue` or `/proc/42/ns/net`.
    case path(String)
    case process(Int32)

    /// A namespace with a name, as `ip netns` keeps them.
    package static func named(_ name: String) -> NamespaceReference { .path(NetworkNamespace.path(of: name)) }

    package var path: String {
        switch self {
        case .current: "/proc/thread-self/ns/net"
        case .path(let path): path
        case .process(let pid): "/proc/\(pid)/ns/net"
        }
    }

    package var description: String {
        switch self {
        case .current: "the current network namespace"
        case .path(let path): "network namespace \(path)"
        case .process(let pid): "the network namespace of process \(pid)"
        }
    }

    /// A descriptor that keeps the namespace alive.
    package func open() throws(SystemError) -> OwnedDescriptor {
        let path = path
        return OwnedDescriptor(
            adopting: try systemCall("open", description) { clinux_open(path, O_RDONLY | O_CLOEXEC, 0) })
    }
}

/// Runs `body` on a fresh thread inside the namespace; the calling thread never changes and waits.
package func withNetworkNamespace<Result: Sendable>(
    _ reference: NamespaceReference, _ body: @Sendable () throws -> Result
) throws -> Result {
    if reference == .current { return try body() }
    let namespace = try reference.open()
    let raw = namespace.rawValue
    return try DedicatedThread.run {
        try enter(raw, reference)
        return try body()
    }
}

/// Like the synchronous form; the task waits without holding a thread of the cooperative pool.
package func withNetworkNamespace<Result: Sendable>(
    _ reference: NamespaceReference, _ body: @escaping @Sendable () throws -> Result
) async throws -> Result {
    let namespace = try reference.open()
    let raw = namespace.rawValue
    let result = try await DedicatedThread.run {
        try enter(raw, reference)
        return try body()
    }
    _ = consume namespace
    return result
}

private func enter(_ raw: Int32, _ reference: NamespaceReference) throws(SystemError) {
    try systemCall("enter", reference.description) { clinux_setns_network(raw) }
}
