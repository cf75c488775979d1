import ArgumentParser
import EmbeddedAPI
import FlowLog
import FoundationEssentials
import KubernetesClient
import NetworkTypes

/// Where an agent shows flows to other machines, and by which certificates.
struct FlowListenOptions: ParsableArguments {
    @Option(
        name: .customLong("flow-listen"),
        help: ArgumentHelp(
            "Show flows at this address to certificates of system:masters and gabion:readers, as 0.0.0.0:9472.",
            valueName: "address:port"))
    var listen: String?

    @Option(
        name: .customLong("flow-certificate"),
        help: ArgumentHelp(
            "The certificate to show there, for system:node:NAME; by default the kubeconfig's, as for key and CA.",
            valueName: "file"), completion: .file())
    var certificate: String?

    @Option(
        name: .customLong("flow-key"), help: ArgumentHelp("The key of that certificate.", valueName: "file"),
        completion: .file())
    var key: String?

    @Option(
        name: .customLong("flow-client-ca"),
        help: ArgumentHelp("The authority whose certificates may ask there.", valueName: "file"), completion: .file())
    var authority: String?

    func validate() throws {
        let files = [certificate, key, authority].compactMap(\.self)
        guard files.isEmpty || files.count == 3 else {
            throw ValidationError("--flow-certificate, --flow-key and --flow-client-ca belong together: give all three")
        }
        guard let listen else {
            guard files.isEmpty else {
                throw ValidationError("--flow-certificate is for --flow-listen: give that, too")
            }
            return
        }
        guard endpoint != nil else {
            throw ValidationError("--flow-listen: \"\(listen)\" is no address and port; try 0.0.0.0:9472")
        }
    }

    /// Where to listen; nil for nowhere.
    var endpoint: (address: IPAddress, port: UInt16)? {
        guard let listen, let place = try? ListenAddress(listen), place.port > 0, let address = place.address,
            !address.isMulticast
        else { return nil }
        return (address, place.port)
    }

    /// The place of the server; nil for none.
    ///
    /// - Throws: `CommandFailure` when there is nothing by which others would know this agent, or it them.
    func place(_ cluster: ClusterConfiguration) throws -> FlowServer.Place? {
        guard let endpoint else { return nil }
        let credentials: FlowCredentials
        do {
            credentials = try self.credentials(cluster)
            _ = try credentials.server()
        } catch {
            throw CommandFailure(
                "flows cannot be shown at \(listen ?? ""): \((error as? CommandFailure)?.cause ?? "\(error)")",
                remedy: "Give --flow-certificate, --flow-key and --flow-client-ca.")
        }
        return .authenticated(host: "\(endpoint.address)", port: Int(endpoint.port), credentials)
    }

    /// What the files say now, those of the kubeconfig where none are named.
    func credentials(_ cluster: @autoclosure () throws -> ClusterConfiguration) throws -> FlowCredentials {
        if let certificate, let key, let authority {
            try FlowCredentials(certificate: certificate, key: key, authority: authority)
        } else {
            try FlowCredentials(try cluster())
        }
    }
}
