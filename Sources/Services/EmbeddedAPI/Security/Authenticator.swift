import HTTPTypes
import LinuxSystem
import Logging
import NIOCore
import NIOSSL
import Synchronization

/// Finds out who sends a request: a bearer token before the connection's client certificate before root on the socket.
final class Authenticator: Sendable {
    private let tokens: TokenFile
    /// Identities by the DER of certificates that TLS verified, so that they are parsed once.
    private let certificates = Mutex<[[UInt8]: Identity]>([:])

    private static let cacheLimit = 1_000

    init(tokens: TokenFile) { self.tokens = tokens }

    /// How a connection came in.
    enum Listener: Sendable {
        case tls
        case unixSocket
    }

    /// Nil for anonymous requests and for unknown tokens.
    func identity(headers: HTTPFields, channel: any Channel, listener: Listener) async -> Identity? {
        if let header = headers[.authorization] {
            let words = header.split(separator: " ", maxSplits: 1)
            guard words.count == 2, words[0].lowercased() == "bearer" else { return nil }
            return tokens.identity(token: words[1].filter { $0 != " " })
        }
        switch listener {
        case .tls: return await certificateIdentity(channel)
        case .unixSocket:
            // Root, and whoever runs the server: both can read its database anyway.
            guard let user = await PeerCredentials.of(channel)?.uid else { return nil }
            return user == 0 || user == Host.effectiveUser ? .localRoot : nil
        }
    }

    private func certificateIdentity(_ channel: any Channel) async -> Identity? {
        guard let certificate = try? await channel.nioSSL_peerCertificate().get(),
            let bytes = try? certificate.toDERBytes()
        else { return nil }
        if let known = certificates.withLock({ $0[bytes] }) { return known }
        guard let identity = ClientCertificate.identity(certificate) else { return nil }
        certificates.withLock { cache in
            if cache.count >= Self.cacheLimit { cache = [:] }
            cache[bytes] = identity
        }
        return identity
    }
}

/// `struct ucred` of unix(7).
struct PeerCredentials: Sendable {
    var pid: Int32 = 0
    var uid: UInt32 = .max
    var gid: UInt32 = .max

    /// Who connected, as the kernel recorded it at connect(2).
    static func of(_ channel: any Channel) async -> PeerCredentials? {
        let peerCredentialsOption = NIOBSDSocket.Option(rawValue: 17)
        guard let provider = channel as? any SocketOptionProvider else { return nil }
        let answer: EventLoopFuture<PeerCredentials> = provider.unsafeGetSocketOption(
            level: .socket, name: peerCredentialsOption)
        return try? await answer.get()
    }
}
