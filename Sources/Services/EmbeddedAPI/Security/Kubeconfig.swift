import ClusterAPI
import Foundation

/// A kubeconfig with one cluster and one user, everything inline.
package struct Kubeconfig: Sendable {
    package let server: String
    package let authorityPEM: String
    package let user: String
    package let credential: CertificateAuthority.Credential

    package var text: String {
        """
        apiVersion: v1
        kind: Config
        current-context: gabion
        clusters:
        - name: gabion
          cluster:
            server: \(Self.quoted(server))
            certificate-authority-data: \(Self.base64(authorityPEM))
        contexts:
        - name: gabion
          context:
            cluster: gabion
            user: \(Self.quoted(user))
        users:
        - name: \(Self.quoted(user))
          user:
            client-certificate-data: \(Self.base64(credential.certificate))
            client-key-data: \(Self.base64(credential.key))

        """
    }

    /// A certificate for `identity`, signed by the authority in the data directory.
    ///
    /// `server` defaults to the URL in `D/admin.kubeconfig`.
    package static func issue(
        for identity: Identity, dataDirectory: String, server: String?
    ) throws -> Kubeconfig {
        guard let authority = try CertificateAuthority.load(dataDirectory: dataDirectory),
            let url = try server ?? adminServer(dataDirectory: dataDirectory)
        else { throw SecurityError.notInitialised(dataDirectory) }
        return Kubeconfig(
            server: url, authorityPEM: try authority.certificatePEM, user: identity.user,
            credential: try authority.issueClient(identity))
    }

    /// For its owner alone; readers see the old file or the new one.
    package func write(to path: String) throws { try ProtectedFile.write(text, to: path) }

    private static func adminServer(dataDirectory: String) throws -> String? {
        let text = try ProtectedFile.read(dataDirectory + "/admin.kubeconfig") ?? ""
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2, words[0] == "server:" { return words[1].filter { $0 != "\"" } }
        }
        return nil
    }

    private static func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

    /// A YAML double-quoted scalar; JSON strings are a subset of it.
    private static func quoted(_ text: String) -> String {
        String(decoding: JSONText.encode(.string(text)), as: UTF8.self)
    }
}
