/// Where an API server is and how to prove who we are: everything that a client needs before its first request.
package struct ClusterConfiguration: Hashable, Sendable {
    package enum Server: Hashable, Sendable, CustomStringConvertible {
        /// `http://` or `https://`, without a slash at the end.
        case url(String)
        /// A stream socket of this machine that speaks plain HTTP: Gabion's `server: unix:///path` extension.
        case unixSocket(path: String)

        package var description: String {
            switch self {
            case .url(let text): text
            case .unixSocket(let path): "unix://\(path)"
            }
        }
    }

    /// PEM text, or the path of a file that holds it.
    package enum Material: Hashable, Sendable, CustomStringConvertible {
        case bytes([UInt8])
        case file(String)

        /// Never what it holds: a key is among them, and whole configurations come to be printed by those who debug.
        package var description: String {
            switch self {
            case .bytes(let bytes): "(\(bytes.count) bytes)"
            case .file(let path): path
            }
        }
    }

    package enum Token: Hashable, Sendable, CustomStringConvertible {
        case literal(String)
        /// Read again while the client runs, because the file is rotated.
        case file(String)

        /// Never the token.
        package var description: String {
            switch self {
            case .literal: "(a token)"
            case .file(let path): path
            }
        }
    }

    package struct ClientCertificate: Hashable, Sendable {
        package var chain: Material
        package var key: Material

        package init(chain: Material, key: Material) {
            self.chain = chain
            self.key = key
        }
    }

    package var server: Server
    /// Nil: the system's trust store.
    package var certificateAuthority: Material?
    package var skipsCertificateVerification = false
    /// The name that the server's certificate must carry, when it is not the URL's host.
    package var tlsServerName: String?
    package var clientCertificate: ClientCertificate?
    package var token: Token?
    /// Asked for a token or a certificate when there is neither.
    package var credentialProgram: CredentialProgram?
    /// The context's namespace, `default` when it names none.
    package var namespace = "default"
    /// Where this configuration came from, for error messages: a file and context, or `in-cluster`.
    package var origin: String

    package init(server: Server, origin: String = "built in code") {
        self.server = server
        self.origin = origin
    }

    /// Parses a `server` field; the error names what is wrong with it.
    package init(serverText: String, origin: String) throws {
        self.init(server: try Server(parsing: serverText, origin: origin), origin: origin)
    }
}

extension ClusterConfiguration.Server {
    init(parsing text: String, origin: String) throws {
        if text.hasPrefix("unix://") {
            let path = String(text.dropFirst("unix://".count))
            guard path.hasPrefix("/"), path.count > 1 else {
                throw ConfigurationError(
                    origin: origin, field: "server", problem: "'\(text)' has no absolute socket path",
                    remedy: "write unix:///path/to/socket")
            }
            self = .unixSocket(path: path)
            return
        }
        let schemes = ["https://", "http://"]
        guard let scheme = schemes.first(where: text.hasPrefix), text.count > scheme.count else {
            throw ConfigurationError(
                origin: origin, field: "server", problem: "'\(text)' is not the address of an API server",
                remedy: "write https://HOST:PORT or unix:///path/to/socket")
        }
        var trimmed = text
        while trimmed.hasSuffix("/") { trimmed.removeLast() }
        self = .url(trimmed)
    }
}

extension ClusterConfiguration {
    /// The host of an URL without brackets, and what follows it: port and path.
    var hostAndRest: (scheme: String, host: String, rest: String)? {
        guard case .url(let text) = server, let separator = text.firstRange(of: "://") else { return nil }
        let authority = text[separator.upperBound...]
        let end: String.Index
        if authority.hasPrefix("["), let bracket = authority.firstIndex(of: "]") {
            end = authority.index(after: bracket)
        } else {
            end = authority.firstIndex { $0 == ":" || $0 == "/" } ?? authority.endIndex
        }
        let host = authority[..<end].filter { $0 != "[" && $0 != "]" }
        return (String(text[..<separator.upperBound]), host, String(authority[end...]))
    }

    /// What requests are sent to: the server, under the name that its certificate carries.
    var baseURL: String {
        switch server {
        case .unixSocket(let path): return "http+unix://\(APIRequest.escape(path, keepingSlash: false))"
        case .url(let text):
            guard let tlsServerName, let parts = hostAndRest else { return text }
            return parts.scheme + tlsServerName + parts.rest
        }
    }

    /// Where the name of the certificate is really found.
    var nameOverrides: [String: String] {
        guard let tlsServerName, let parts = hostAndRest else { return [:] }
        return [tlsServerName: parts.host]
    }
}
