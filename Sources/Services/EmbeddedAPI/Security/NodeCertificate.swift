package import Foundation
package import NIOSSL
import SwiftASN1
import X509

/// Tells whether who answers is the agent of a node: by its identity in the cluster, not by the name of a host.
package struct NodeCertificate: Sendable {
    private let node: String
    private let authorities: [Certificate]

    /// - Parameter authorities: the cluster's, in PEM; throws when they do not parse.
    package init(of node: String, authorities: [UInt8]) throws {
        self.node = node
        self.authorities = try PEMDocument.parseMultiple(pemString: String(decoding: authorities, as: UTF8.self)).map {
            try Certificate(pemDocument: $0)
        }
    }

    /// What is wrong with a chain that somebody showed in the place of the node; nil when it is the node's.
    ///
    /// An authority must have signed the first certificate itself. The certificate may be one for clients: agents answer
    /// with what they are known by to the API server. That its key is there is what TLS proves.
    package func problem(_ chain: [NIOSSLCertificate], now: Date = .now) -> String? {
        guard let first = chain.first, let shown = try? Certificate(derEncoded: first.toDERBytes()) else {
            return "it shows no certificate that can be read"
        }
        let isSigned = authorities.contains { authority in
            authority.subject == shown.issuer
                && authority.notValidBefore <= now && now <= authority.notValidAfter
                && authority.publicKey.isValidSignature(shown.signature, for: shown)
        }
        guard isSigned else { return "its certificate is not signed by the cluster's authority" }
        guard shown.notValidBefore <= now, now <= shown.notValidAfter else {
            return "its certificate holds from \(shown.notValidBefore) to \(shown.notValidAfter), not now"
        }
        let identity = ClientCertificate.subject(of: shown)
        guard let identity, identity.nodeName == node else {
            return "its certificate is that of \(identity?.user ?? "nobody"), not of system:node:\(node)"
        }
        return nil
    }
}
