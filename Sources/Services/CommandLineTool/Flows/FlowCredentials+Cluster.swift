import FlowLog
import FoundationEssentials
import KubernetesClient

extension FlowCredentials {
    /// What a kubeconfig knows the cluster by, and the cluster its user.
    ///
    /// - Throws: `CommandFailure`, for a kubeconfig that has less.
    init(_ configuration: ClusterConfiguration) throws {
        guard let authority = configuration.certificateAuthority else {
            throw CommandFailure(
                "\(configuration.origin) names no certificate-authority, by which agents are known",
                remedy: "Add the cluster's.")
        }
        guard let certificate = configuration.clientCertificate else {
            throw CommandFailure(
                "\(configuration.origin) has \(configuration.token == nil ? "no" : "a token and no") client certificate, "
                    + "by which agents know who asks",
                remedy: "Use a kubeconfig with one: gabion apiserver issue --group gabion:readers")
        }
        self.init(
            certificate: try Self.bytes(certificate.chain, "client-certificate"),
            key: try Self.bytes(certificate.key, "client-key"),
            authority: try Self.bytes(authority, "certificate-authority"))
    }

    /// Three files of PEM.
    init(certificate: String, key: String, authority: String) throws {
        self.init(
            certificate: try Self.bytes(.file(certificate), "certificate"), key: try Self.bytes(.file(key), "key"),
            authority: try Self.bytes(.file(authority), "authority"))
    }

    private static func bytes(_ material: ClusterConfiguration.Material, _ part: String) throws -> [UInt8] {
        switch material {
        case .bytes(let bytes): return bytes
        case .file(let path):
            guard let data = FileManager.default.contents(atPath: path) else {
                throw CommandFailure(
                    "the \(part) \(path) cannot be read", remedy: "Check the path and its permissions.")
            }
            return [UInt8](data)
        }
    }
}
