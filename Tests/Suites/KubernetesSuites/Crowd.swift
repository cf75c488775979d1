import ClusterAPI
import KubernetesClient
import Logging

/// Many who ask one API server for the same at once.
struct Crowd: Sendable {
    static let size = 60

    struct Outcome: Sendable {
        var answers = 0
        /// 429, and after what time each was told to come again.
        var refusals = 0
        var waits: [Duration?] = []
        var others: [String] = []
    }

    let configuration: ClusterConfiguration
    let retries: RetryPolicy

    init(kubeconfig path: String, retries: RetryPolicy) throws {
        configuration = try .load(kubeconfig: path)
        self.retries = retries
    }

    func ask(_ resource: ResourceType, in namespace: String) async throws -> Outcome {
        var logger = Logger(label: "suite")
        logger.logLevel = .critical
        return try await KubernetesClient.withClient(configuration, logger: logger) { client in
            var client = client
            client.retryPolicy = retries
            return await withTaskGroup(of: (any Error)?.self) { [client] group in
                for _ in 0..<Self.size {
                    group.addTask {
                        do {
                            _ = try await client.list(resource, in: namespace)
                            return nil
                        } catch {
                            return error
                        }
                    }
                }
                var outcome = Outcome()
                for await error in group {
                    switch error {
                    case nil: outcome.answers += 1
                    case let error? where error.apiFailure?.code == 429:
                        outcome.refusals += 1
                        outcome.waits.append(error.apiFailure?.retryAfter)
                    case let error?: outcome.others.append("\(error)")
                    }
                }
                return outcome
            }
        }
    }
}
