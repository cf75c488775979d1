import FoundationEssentials
import NIOSSL

/// What certificates and keys hold at a moment: PEM text.
struct TLSMaterial: Hashable, Sendable {
    var authority: [UInt8]?
    var chain: [UInt8]?
    var key: [UInt8]?
}

extension ClusterConfiguration {
    private var usesTLS: Bool {
        guard case .url(let text) = server else { return false }
        return text.hasPrefix("https://")
    }

    /// Reads the files, with this certificate of ours.
    func material(with certificate: ClientCertificate?) throws -> TLSMaterial {
        guard usesTLS else { return TLSMaterial() }
        return TLSMaterial(
            authority: try certificateAuthority.map { try bytes(of: $0, as: "certificate-authority") },
            chain: try certificate.map { try bytes(of: $0.chain, as: "client-certificate") },
            key: try certificate.map { try bytes(of: $0.key, as: "client-key") })
    }

    /// The TLS settings for the server; nil for plain HTTP and unix sockets.
    ///
    /// - Throws: `ConfigurationError` when something is no PEM, or a key is not its certificate's.
    func tlsConfiguration(_ material: TLSMaterial) throws -> TLSConfiguration? {
        guard usesTLS else { return nil }
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        if let authority = material.authority {
            tls.trustRoots = .certificates(
                try parse(authority, as: "certificate-authority", NIOSSLCertificate.fromPEMBytes))
        }
        if skipsCertificateVerification { tls.certificateVerification = .none }
        if let chain = material.chain, let key = material.key {
            let certificates = try parse(chain, as: "client-certificate", NIOSSLCertificate.fromPEMBytes)
            let privateKey = try parse(key, as: "client-key") { try NIOSSLPrivateKey(bytes: $0, format: .pem) }
            tls.certificateChain = certificates.map { .certificate($0) }
            tls.privateKey = .privateKey(privateKey)
            guard (try? NIOSSLContext(configuration: tls)) != nil else {
                throw ConfigurationError(
                    origin: origin, field: "client-key", problem: "it is not the key of client-certificate",
                    remedy: "give both of one pair")
            }
        }
        return tls
    }

    func bytes(of material: Material, as field: String) throws -> [UInt8] {
        switch material {
        case .bytes(let inline): return inline
        case .file(let path):
            guard let data = FileManager.default.contents(atPath: path) else {
                throw ConfigurationError(
                    origin: origin, field: field, problem: "\(path) cannot be read",
                    remedy: "check the path and its permissions")
            }
            return [UInt8](data)
        }
    }

    private func parse<Value>(_ bytes: [UInt8], as field: String, _ read: ([UInt8]) throws -> Value) throws -> Value {
        do {
            return try read(bytes)
        } catch {
            throw ConfigurationError(
                origin: origin, field: field, problem: "not usable PEM: \(error)",
                remedy: "give PEM text (data fields hold it in base64)")
        }
    }
}
