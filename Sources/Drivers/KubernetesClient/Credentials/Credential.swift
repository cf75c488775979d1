/// By what a request proves who sends it.
struct Credential: Hashable, Sendable {
    var token: String?
    var certificate: ClusterConfiguration.ClientCertificate?
}
