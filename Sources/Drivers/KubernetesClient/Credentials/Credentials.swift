/// The credential of each request: from the configuration, from a file that is rotated, or from a program.
struct Credentials: Sendable {
    private let certificate: ClusterConfiguration.ClientCertificate?
    private let tokens: TokenSource
    private let program: ProgramCredentials?

    init(_ configuration: ClusterConfiguration, freshness: Duration) {
        certificate = configuration.clientCertificate
        tokens = TokenSource(configuration.token, freshness: freshness)
        program = configuration.credentialProgram.map { ProgramCredentials($0, of: configuration) }
    }

    func current() async throws -> Credential {
        if let program { return try await program.current() }
        return Credential(token: try tokens.current(), certificate: certificate)
    }

    /// What to try after the server has refused `refused`; nil: there is no other.
    func other(than refused: Credential) async throws -> Credential? {
        tokens.invalidate()
        await program?.forget(refused)
        let found = try await current()
        return found == refused ? nil : found
    }
}
