import Foundation
import Logging
import NIOCore
import Synchronization

/// Gathers the listeners as they come up; writes `admin.kubeconfig` and reports when the last one did.
final class ListenerBinding: Sendable {
    private struct State {
        var addresses: [Int: ListenAddress] = [:]
        var hasSocket = false
        var isReported = false
    }

    private let configuration: EmbeddedAPIConfiguration
    private let authority: CertificateAuthority
    private let logger: Logger
    private let onReady: @Sendable (EmbeddedAPIServer.Endpoints) -> Void
    private let state = Mutex(State())

    init(
        configuration: EmbeddedAPIConfiguration, authority: CertificateAuthority, logger: Logger,
        onReady: @escaping @Sendable (EmbeddedAPIServer.Endpoints) -> Void
    ) {
        self.configuration = configuration
        self.authority = authority
        self.logger = logger
        self.onReady = onReady
    }

    func bound(_ index: Int, _ channel: any Channel) async {
        let port = channel.localAddress?.port.flatMap { UInt16(exactly: $0) } ?? configuration.listen[index].port
        let address = ListenAddress(host: configuration.listen[index].host, port: port)
        state.withLock { $0.addresses[index] = address }
        report()
    }

    func boundSocket() async {
        if let path = configuration.socketPath {
            try? FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        }
        state.withLock { $0.hasSocket = true }
        report()
    }

    func removeSocket() {
        if let path = configuration.socketPath { try? FileManager.default.removeItem(atPath: path) }
    }

    private func report() {
        let addresses: [ListenAddress]? = state.withLock { state in
            guard state.addresses.count == configuration.listen.count,
                state.hasSocket || configuration.socketPath == nil, !state.isReported
            else { return nil }
            state.isReported = true
            return state.addresses.sorted { $0.key < $1.key }.map(\.value)
        }
        guard let addresses else { return }
        let path = configuration.dataDirectory + "/admin.kubeconfig"
        let url = addresses.first?.url ?? configuration.socketPath.map { "unix://\($0)" }
        if let url { writeKubeconfig(url, path) }
        onReady(
            EmbeddedAPIServer.Endpoints(
                listen: addresses, socketPath: configuration.socketPath, kubeconfigPath: path, url: url))
    }

    /// A fresh certificate for the administrator, at every start.
    private func writeKubeconfig(_ url: String, _ path: String) {
        do {
            let admin = Identity(user: "gabion:admin", groups: [Identity.mastersGroup])
            let kubeconfig = Kubeconfig(
                server: url, authorityPEM: try authority.certificatePEM, user: admin.user,
                credential: try authority.issueClient(admin))
            try ProtectedFile.write(kubeconfig.text, to: path)
        } catch {
            logger.error("cannot write \(path): \(error)")
        }
    }
}
