import Crypto
import Foundation
import NetworkTypes
import SwiftASN1
import X509

/// The cluster's own certificate authority: an ECDSA P-256 key and a self-signed certificate in `D/pki`.
package struct CertificateAuthority: Sendable {
    let certificate: Certificate
    let key: Certificate.PrivateKey

    /// A certificate with its private key, in PEM.
    package struct Credential: Sendable {
        package let certificate: String
        package let key: String
    }

    private static let years10 = TimeInterval(10 * 365 * 86_400)
    /// Certificates of clients and of the server hold for a year.
    private static let year = TimeInterval(365 * 86_400)
    /// Clocks of clients may be behind ours by this much.
    private static let clockSkew = TimeInterval(3_600)

    package var certificatePEM: String {
        get throws { try certificate.serializeAsPEM().pemString + "\n" }
    }

    /// Reads `D/pki/ca.crt` and `ca.key`; makes them when neither exists.
    package static func loadOrMake(dataDirectory: String) throws -> CertificateAuthority {
        if let existing = try load(dataDirectory: dataDirectory) { return existing }
        let authority = try make()
        let directory = dataDirectory + "/pki"
        try ProtectedFile.makeDirectory(directory)
        try ProtectedFile.write(try authority.key.serializeAsPEM().pemString + "\n", to: directory + "/ca.key")
        try ProtectedFile.write(try authority.certificatePEM, to: directory + "/ca.crt")
        return authority
    }

    /// Nil when the directory has no authority.
    package static func load(dataDirectory: String) throws -> CertificateAuthority? {
        let directory = dataDirectory + "/pki"
        guard let key = try ProtectedFile.read(directory + "/ca.key"),
            let certificate = try ProtectedFile.read(directory + "/ca.crt")
        else { return nil }
        do {
            return CertificateAuthority(
                certificate: try Certificate(pemEncoded: certificate), key: try Certificate.PrivateKey(pemEncoded: key))
        } catch {
            throw SecurityError.file(directory, "the certificate authority does not parse: \(error)")
        }
    }

    private static func make() throws -> CertificateAuthority {
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let name = try DistinguishedName {
            OrganizationName("gabion")
            CommonName("gabion-ca")
        }
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key.publicKey,
            notValidBefore: Date().addingTimeInterval(-clockSkew), notValidAfter: Date().addingTimeInterval(years10),
            issuer: name, subject: name, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(digitalSignature: true, keyCertSign: true))
                SubjectKeyIdentifier(hash: key.publicKey)
            },
            issuerPrivateKey: key)
        return CertificateAuthority(certificate: certificate, key: key)
    }

    /// A certificate for TLS servers at these names and addresses.
    func issueServer(names: [String], addresses: [IPAddress]) throws -> Credential {
        let subject = try DistinguishedName { CommonName("gabion-apiserver") }
        let alternatives =
            names.map { GeneralName.dnsName($0) }
            + addresses.map { GeneralName.ipAddress(ASN1OctetString(contentBytes: $0.bytes[...])) }
        return try issue(subject: subject, usage: .serverAuth, alternatives: alternatives)
    }

    /// A certificate by which a client is `identity`: CN is the user, each O a group.
    package func issueClient(_ identity: Identity) throws -> Credential {
        let groups = identity.groups.sorted()
        let subject = try DistinguishedName {
            for group in groups { OrganizationName(group) }
            CommonName(identity.user)
        }
        return try issue(subject: subject, usage: .clientAuth, alternatives: [])
    }

    private func issue(
        subject: DistinguishedName, usage: ExtendedKeyUsage.Usage, alternatives: [GeneralName]
    ) throws -> Credential {
        let leaf = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let end = min(Date().addingTimeInterval(Self.year), certificate.notValidAfter)
        let issued = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: leaf.publicKey,
            notValidBefore: Date().addingTimeInterval(-Self.clockSkew), notValidAfter: end,
            issuer: certificate.subject, subject: subject, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([usage])
                if !alternatives.isEmpty { SubjectAlternativeNames(alternatives) }
            },
            issuerPrivateKey: key)
        return Credential(
            certificate: try issued.serializeAsPEM().pemString + "\n", key: try leaf.serializeAsPEM().pemString + "\n")
    }
}
