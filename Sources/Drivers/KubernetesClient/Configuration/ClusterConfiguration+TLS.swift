import FoundationEssentials
import NIOSSL

extension ClusterConfiguration {
    /// The TLS settings for the server; nil for plain HTTP and unix sockets.
    func tlsConfiguration() throws -> TLSConfiguration? {
        guard case .url(let text) = server, text.hasPrefix("https://") else { return nil }
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        if let certificateAuthority {
            tls.trustRoots = .certificates(
                try parse(certificateAuthority, as: "certificate-authority", NIOSSLCertificate.fromPEMBytes))
        }
        if skipsCertificateVerification { tls.certificateVerification = .none }
        if let clientCertificate {
            let chain = try parse(clientCertificate.chain, as: "client-certificate", NIOSSLCertificate.fromPEMBytes)
            let key = try parse(clientCertificate.key, as: "client-key") {
                try NIOSSLPrivateKey(bytes: $0, format: .pem)
            }
            tls.certificateChain = chain.map { .certificate($0) }
            tls.privateKey = .privateKey(key)
        }
        return tls
    }

    private func parse<Value>(
        _ material: Material, as field: String, _ read: ([UInt8]) throws -> Value
    ) throws -> Value {
        let bytes: [UInt8]
        switch material {
        case .bytes(let inline): bytes = inline
        case .file(let path):
            guard let data = FileManager.default.contents(atPath: path) else {
                throw ConfigurationError(
                    origin: origin, field: field, problem: "\(path) cannot be read",
                    remedy: "check the path and its permissions")
            }
            bytes = [UInt8](data)
        }
        do {
            return try read(bytes)
        } catch {
            throw ConfigurationError(
                origin: origin, field: field, problem: "not usable PEM: \(error)",
                remedy: "give PEM text (data fields hold it in base64)")
        }
    }
}
