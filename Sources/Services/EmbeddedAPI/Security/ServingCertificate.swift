import Foundation
import NetworkTypes
import SwiftASN1
import X509

/// The server's own certificate in `D/pki/server.crt` and `server.key`.
struct ServingCertificate {
    /// Issued anew when less than this is left of it.
    private static let renewal = TimeInterval(30 * 86_400)

    /// The stored certificate if it is signed by this authority, covers all names and addresses and holds for another
    /// month; else a new one, stored.
    static func loadOrIssue(
        by authority: CertificateAuthority, dataDirectory: String, names: [String], addresses: [IPAddress]
    ) throws -> CertificateAuthority.Credential {
        let certificatePath = dataDirectory + "/pki/server.crt"
        let keyPath = dataDirectory + "/pki/server.key"
        if let certificate = try ProtectedFile.read(certificatePath), let key = try ProtectedFile.read(keyPath),
            isUsable(certificate, by: authority, names: names, addresses: addresses)
        {
            return CertificateAuthority.Credential(certificate: certificate, key: key)
        }
        let credential = try authority.issueServer(names: names, addresses: addresses)
        try ProtectedFile.write(credential.key, to: keyPath)
        try ProtectedFile.write(credential.certificate, to: certificatePath)
        return credential
    }

    private static func isUsable(
        _ pem: String, by authority: CertificateAuthority, names: [String], addresses: [IPAddress]
    ) -> Bool {
        guard let certificate = try? Certificate(pemEncoded: pem),
            authority.certificate.publicKey.isValidSignature(certificate.signature, for: certificate),
            certificate.notValidAfter > Date().addingTimeInterval(renewal),
            let alternatives = try? certificate.extensions.subjectAlternativeNames
        else { return false }
        var covered: Set<String> = []
        for name in alternatives {
            switch name {
            case .dnsName(let text): covered.insert(text)
            case .ipAddress(let octets): covered.insert("\(Array(octets.bytes))")
            default: break
            }
        }
        return names.allSatisfy(covered.contains) && addresses.allSatisfy { covered.contains("\($0.bytes)") }
    }
}
