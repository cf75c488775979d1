import FoundationEssentials

/// What a credential program is told, and what it answers (client.authentication.k8s.io/v1 ExecCredential).
struct ExecCredential: Codable {
    struct Spec: Codable {
        var cluster: Cluster?
        var interactive = false
    }

    /// The cluster that the credentials are for, when the program wants to know.
    struct Cluster: Codable {
        var server: String
        var tlsServerName: String?
        var insecureSkipTLSVerify: Bool?
        var certificateAuthorityData: Data?

        private enum CodingKeys: String, CodingKey {
            case server
            case tlsServerName = "tls-server-name"
            case insecureSkipTLSVerify = "insecure-skip-tls-verify"
            case certificateAuthorityData = "certificate-authority-data"
        }
    }

    struct Status: Codable {
        var expirationTimestamp: String?
        var token: String?
        var clientCertificateData: String?
        var clientKeyData: String?
    }

    var apiVersion: String
    var kind = "ExecCredential"
    var spec: Spec?
    var status: Status?

    /// The credential, or what is missing in the answer.
    func credential(as version: String) throws(Flaw) -> (Credential, until: Date?) {
        guard kind == "ExecCredential", apiVersion == version else {
            throw Flaw("it is \(kind) of \(apiVersion), not ExecCredential of \(version)")
        }
        guard let status else { throw Flaw("it has no status") }
        let token = status.token.flatMap { $0.isEmpty ? nil : $0 }
        var certificate: ClusterConfiguration.ClientCertificate?
        switch (status.clientCertificateData, status.clientKeyData) {
        case (let chain?, let key?):
            certificate = .init(chain: .bytes(Array(chain.utf8)), key: .bytes(Array(key.utf8)))
        case (nil, nil):
            if token == nil { throw Flaw("its status has neither token nor clientCertificateData") }
        default: throw Flaw("its status has only one of clientCertificateData and clientKeyData")
        }
        var until: Date?
        if let text = status.expirationTimestamp {
            let exact = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
            guard let date = (try? Date(text, strategy: .iso8601)) ?? (try? Date(text, strategy: exact)) else {
                throw Flaw("status.expirationTimestamp: '\(text)' is no time (RFC 3339)")
            }
            until = date
        }
        return (Credential(token: token, certificate: certificate), until)
    }

    struct Flaw: Error {
        let description: String
        init(_ description: String) { self.description = description }
    }
}
