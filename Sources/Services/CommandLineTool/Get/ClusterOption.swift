import ArgumentParser
import FoundationEssentials
import KubernetesClient
import Lab
import LinuxSystem
import Logging

/// Which API server a verb asks: the named kubeconfig or lab, `KUBECONFIG`, the one lab of this machine, `~/.kube/config`.
struct ClusterOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The kubeconfig of the cluster to ask; without it KUBECONFIG, the lab if just one runs, or ~/.kube/config.",
            valueName: "file"), completion: .file())
    var kubeconfig: String?

    @Option(help: ArgumentHelp("The lab to ask, by its name.", valueName: "name"), completion: LabNameOption.completion)
    var lab: String?

    func validate() throws {
        if kubeconfig != nil, lab != nil {
            throw ValidationError("One cluster is asked: give --kubeconfig or --lab, not both.")
        }
        if let lab { _ = try LabNameOption.name(lab) }
    }

    /// The lab that is asked; nil when it is another cluster, or not clear.
    var labDirectory: LabDirectory? {
        if let lab { return (try? LabName(lab)).map(LabDirectory.init) }
        let labs = Self.labs
        if let file = kubeconfig ?? Environment.value(of: "KUBECONFIG"), !file.isEmpty {
            return labs.first { $0.adminKubeconfig == file }
        }
        return labs.count == 1 ? labs[0] : nil
    }

    /// Those of this machine that can be asked.
    private static var labs: [LabDirectory] {
        LabDirectory.all().filter { FileManager.default.fileExists(atPath: $0.adminKubeconfig) }
    }

    func configuration() throws -> ClusterConfiguration {
        if let lab {
            let directory = LabDirectory(try LabName(lab))
            _ = try LabState.read(directory)
            return try ClusterConfiguration.load(kubeconfig: directory.adminKubeconfig)
        }
        guard kubeconfig == nil, (Environment.value(of: "KUBECONFIG") ?? "").isEmpty else {
            return try ClusterConfiguration.find(kubeconfig: kubeconfig)
        }
        let labs = Self.labs
        if labs.count == 1 { return try ClusterConfiguration.load(kubeconfig: labs[0].adminKubeconfig) }
        do {
            return try ClusterConfiguration.find()
        } catch let error as ConfigurationError where labs.isEmpty && error.origin == "kubeconfig" {
            try LabDirectory.requireReadable()
            throw CommandFailure(
                "no cluster to ask: \(error.problem)",
                remedy: "Name one with --kubeconfig FILE, or start a lab: gabion lab up -f MANIFESTS")
        } catch  where labs.count > 1 {
            let names = labs.map { "\($0.name)" }.joined(separator: ", ")
            throw CommandFailure(
                "it is not clear which cluster is meant: several labs run on this machine (\(names))",
                remedy: "Say which: --lab \(labs[0].name)")
        }
    }

    /// - Parameter isLong: the work says itself how far it is, so nobody is told to wait.
    func withClient<Result>(
        isLong: Bool = false, _ body: (KubernetesClient) async throws -> Result
    ) async throws -> Result {
        var logger = Logger(label: "gabion")
        logger.logLevel = .error
        let configuration = try configuration()
        // Ends with this function: who gets an answer within a second sees nothing of it.
        async let _ = StandardError.write(
            "waiting for \(configuration.server)", after: isLong ? .seconds(3600) : .seconds(1))
        return try await KubernetesClient.withClient(configuration, logger: logger) { client in
            try await client.greet()
            var client = client
            client.retryPolicy.patience = .seconds(10)
            return try await body(client)
        }
    }
}
