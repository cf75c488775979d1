extension KubernetesClient {
    /// Runs `body` for `limit` at most; then it is cancelled and the request counts as unanswered.
    func withTimeLimit<Value: Sendable>(
        _ limit: Duration, for request: APIRequest, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            if let first = try await group.next(), let value = first { return value }
            throw KubernetesError.unreachable(
                method: request.method.rawValue, path: request.path, server: "\(configuration.server)",
                fault: TransportFault(description: "no complete answer within \(limit)", isBeforeSending: false))
        }
    }
}
