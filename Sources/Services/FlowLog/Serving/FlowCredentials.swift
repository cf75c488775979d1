import NIOCore
package import NIOSSL

/// By what an agent and those who ask it know each other: a certificate with its key, and the cluster's authority; in PEM.
package struct FlowCredentials: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    private let certificate: [UInt8]
    private let key: [UInt8]
    let authority: [UInt8]

    package init(certificate: [UInt8], key: [UInt8], authority: [UInt8]) {
        self.certificate = certificate
        self.key = key
        self.authority = authority
    }

    /// Logs show credentials of nobody.
    package var description: String { "(credentials)" }
    package var debugDescription: String { description }

    /// For an agent: nobody speaks with it whom the authority does not know.
    ///
    /// - Throws: when something does not parse, or there is no authority; never falls back to the system's.
    package func server() throws -> TLSConfiguration {
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: try chain, privateKey: .privateKey(try NIOSSLPrivateKey(bytes: key, format: .pem)))
        tls.minimumTLSVersion = .tlsv13
        // Clients have no host name; that they show a certificate is required by this, too.
        tls.certificateVerification = .noHostnameVerification
        tls.trustRoots = .certificates(try authorities)
        tls.applicationProtocols = ["http/1.1"]
        return tls
    }

    /// For those who ask; whose certificate the server must show is for `NodeCertificate` to say.
    func client() throws -> TLSConfiguration {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.certificateChain = try chain
        tls.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: key, format: .pem))
        tls.minimumTLSVersion = .tlsv13
        // It is a node that is asked, whatever its host is called; the callback that asks `NodeCertificate` stays in force.
        tls.certificateVerification = .noHostnameVerification
        tls.trustRoots = .certificates(try authorities)
        tls.applicationProtocols = ["http/1.1"]
        tls.shutdownTimeout = .milliseconds(200)
        return tls
    }

    private var chain: [NIOSSLCertificateSource] {
        get throws { try NIOSSLCertificate.fromPEMBytes(certificate).map { .certificate($0) } }
    }

    private var authorities: [NIOSSLCertificate] {
        get throws {
            let found = try NIOSSLCertificate.fromPEMBytes(authority)
            guard !found.isEmpty else { throw NIOSSLError.failedToLoadCertificate }
            return found
        }
    }
}
