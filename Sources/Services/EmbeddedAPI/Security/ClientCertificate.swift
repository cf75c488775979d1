package import NIOSSL
import SwiftASN1
import X509

/// Reads who a verified client certificate says its holder is.
package enum ClientCertificate {
    /// The identity in the subject: CN and every O.
    ///
    /// Nil for a certificate without CN, or one that is not for clients (our own serving certificate is signed by the
    /// same authority). TLS has verified signature and dates.
    package static func identity(_ certificate: NIOSSLCertificate) -> Identity? {
        guard let parsed = try? Certificate(derEncoded: certificate.toDERBytes()),
            let usage = try? parsed.extensions.extendedKeyUsage, usage.contains(.clientAuth)
        else { return nil }
        return subject(of: parsed)
    }

    /// The identity that the subject names, whatever the certificate is for.
    static func subject(of certificate: Certificate) -> Identity? {
        var user: String?
        var groups: Set<String> = []
        for attribute in certificate.subject.lazy.flatMap({ $0 }) {
            guard let value = String(attribute.value) else { continue }
            if attribute.type == .RDNAttributeType.commonName { user = value }
            if attribute.type == .RDNAttributeType.organizationName { groups.insert(value) }
        }
        return user.map { Identity(user: $0, groups: groups) }
    }
}
