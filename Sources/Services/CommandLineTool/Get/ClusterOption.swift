import ArgumentParser
import FoundationEssentials
import KubernetesClient
import Lab
import LinuxSystem
import Logging

/// Which API server a verb asks: the named kubeconfig, `KUBECONFIG`, the one lab of this machine, `~/.kube/config`.
struct ClusterOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The API server to ask; by default KUBECONFIG, the running lab, or ~/.kube/config.", valueName: "file"))
    var kubeconfig: String?

    func configuration() throws -> ClusterConfiguration {
        if kubeconfig == nil, (Environment.value(of: "KUBECONFIG") ?? "").isEmpty {
            let labs = LabDirectory.all().map(\.adminKubeconfig).filter(FileManager.default.fileExists)
            if labs.count == 1 { return try ClusterConfiguration.load(kubeconfig: labs[0]) }
        }
        return try ClusterConfiguration.find(kubeconfig: kubeconfig)
    }

    func withClient<Result>(_ body: (KubernetesClient) async throws -> Result) async throws -> Result {
        var logger = Logger(label: "gabion")
        logger.logLevel = .error
        do {
            return try await KubernetesClient.withClient(try configuration(), logger: logger, body)
        } catch let error as KubernetesError {
            if case .unreachable = error {
                throw CommandFailure("\(error)", remedy: "Is the API server running? A lab: gabion lab status.")
            }
            throw CommandFailure("\(error)")
        }
    }
}
