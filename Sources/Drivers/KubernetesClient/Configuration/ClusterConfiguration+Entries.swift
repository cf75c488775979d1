import FoundationEssentials

/// The place of a kubeconfig entry: for errors, and for file names relative to the file that holds them.
struct FileFields {
    let path: String
    let entry: String

    /// The inline data (base64) before the file, as kubectl prefers them; nil when neither is given.
    func material(file: String?, data: String?, field: String) throws -> ClusterConfiguration.Material? {
        if let data, !data.isEmpty {
            guard let bytes = Data(base64Encoded: data, options: .ignoreUnknownCharacters), !bytes.isEmpty else {
                throw ConfigurationError(
                    origin: path, field: "\(entry).\(field)-data", problem: "not base64",
                    remedy: "write the PEM text in base64, or name a file in \(field)")
            }
            return .bytes([UInt8](bytes))
        }
        guard let file, !file.isEmpty else { return nil }
        return .file(absolute(file))
    }

    func absolute(_ file: String) -> String {
        guard !file.hasPrefix("/"), let slash = path.lastIndex(of: "/") else { return file }
        return path[...slash] + file
    }
}

extension ClusterConfiguration {
    mutating func apply(_ cluster: KubeconfigFile.Cluster, in fields: FileFields) throws {
        certificateAuthority = try fields.material(
            file: cluster.certificateAuthority, data: cluster.certificateAuthorityData, field: "certificate-authority")
        skipsCertificateVerification = cluster.insecureSkipTLSVerify ?? false
        tlsServerName = cluster.tlsServerName
        if skipsCertificateVerification, certificateAuthority != nil {
            throw ConfigurationError(
                origin: fields.path, field: "\(fields.entry).insecure-skip-tls-verify",
                problem: "true together with a certificate authority", remedy: "remove one of the two")
        }
    }

    mutating func apply(_ user: KubeconfigFile.User, in fields: FileFields) throws {
        let chain = try fields.material(
            file: user.clientCertificate, data: user.clientCertificateData, field: "client-certificate")
        let key = try fields.material(file: user.clientKey, data: user.clientKeyData, field: "client-key")
        switch (chain, key) {
        case (let chain?, let key?): clientCertificate = ClientCertificate(chain: chain, key: key)
        case (nil, nil): clientCertificate = nil
        case (_?, nil), (nil, _?):
            throw ConfigurationError(
                origin: fields.path, field: fields.entry,
                problem: "only one of client-certificate and client-key is set",
                remedy: "set both")
        }
        if let literal = user.token, !literal.isEmpty {
            token = .literal(literal)
        } else if let file = user.tokenFile, !file.isEmpty {
            token = .file(fields.absolute(file))
        }
        guard clientCertificate == nil, token == nil else { return }
        if let exec = user.exec {
            credentialProgram = try CredentialProgram(exec, in: fields)
        } else if user.authProvider != nil {
            throw ConfigurationError(
                origin: fields.path, field: "\(fields.entry).auth-provider",
                problem: "providers built into a client went away with Kubernetes 1.26",
                remedy: "use exec, a client certificate, token or tokenFile")
        }
    }
}
