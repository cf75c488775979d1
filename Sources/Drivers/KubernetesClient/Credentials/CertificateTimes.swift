import ClusterAPI
import NIOSSL

/// What the times in certificates, and this machine's clock, may have to do with a failure.
struct CertificateTimes: Sendable {
    let material: TLSMaterial
    let now: Timestamp

    /// In words, after a handshake that failed; nil when it was for something else.
    func explanation(ofHandshake problem: String) -> String? {
        if problem.contains("CERTIFICATE_VERIFY_FAILED") {
            return fault(of: "certificate-authority", material.authority)
                ?? "the server's certificate is not signed by certificate-authority, or does not hold at \(now.seconds),"
                + " the time of this machine: check its clock, then the server's certificate"
        }
        guard problem.contains("ALERT"), problem.contains("CERTIFICATE") else { return nil }
        return explanationOfRefusal
            ?? "the server does not take client-certificate: check that its authority is the server's, and both clocks"
    }

    /// In words, when the server does not know us: its clock may be right, and ours may be.
    var explanationOfRefusal: String? { fault(of: "client-certificate", material.chain) }

    /// Why a certificate does not hold now.
    private func fault(of name: String, _ pem: [UInt8]?) -> String? {
        guard let pem, let certificate = try? NIOSSLCertificate.fromPEMBytes(pem).first else { return nil }
        let start = Timestamp(microsecondsSince1970: Int64(certificate.notValidBefore) * 1_000_000)
        let end = Timestamp(microsecondsSince1970: Int64(certificate.notValidAfter) * 1_000_000)
        if start <= now, now <= end { return nil }
        return "\(name) holds from \(start.seconds) to \(end.seconds), and this machine's clock says \(now.seconds):"
            + " set the clock, or renew the certificate"
    }
}
