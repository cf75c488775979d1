/// Where the server keeps its data and where it listens.
package struct EmbeddedAPIConfiguration: Sendable {
    /// Made with mode 0700 if it does not exist.
    ///
    /// Holds the database, `pki/`, `tokens.csv` and `admin.kubeconfig`.
    package var dataDirectory: String
    /// TLS listeners; the first one is the server of `admin.kubeconfig`.
    package var listen: [ListenAddress]
    /// A unix socket beside them, for root without a token.
    package var socketPath: String?
    /// The changes per resource that are kept for watches and continued lists.
    package var historyLength: Int
    package var services: ServiceSettings
    /// The log of all writes; nil for none.
    package var audit: AuditLogOptions?

    package init(
        dataDirectory: String, listen: [ListenAddress], socketPath: String? = nil, historyLength: Int = 10_000,
        services: ServiceSettings = ServiceSettings(), audit: AuditLogOptions? = nil
    ) {
        self.dataDirectory = dataDirectory
        self.listen = listen
        self.socketPath = socketPath
        self.historyLength = historyLength
        self.services = services
        self.audit = audit
    }
}
