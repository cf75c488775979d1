import AsyncHTTPClient
import FoundationEssentials
import Logging
import NIOCore
import NIOHTTP1

extension KubernetesClient {
    /// The largest answer that is read into memory.
    static let largestAnswer = 512 << 20

    /// Sends a request as often as the retry policy allows and returns the body of a successful answer.
    func send(_ request: APIRequest) async throws -> ByteBuffer {
        try await retrying(request) {
            try await withTimeLimit(requestTimeout, for: request) {
                let response = try await open(request)
                return try await response.body.collect(upTo: Self.largestAnswer)
            }
        }
    }

    /// One attempt: returns when the head of a successful answer is there.
    ///
    /// A server that does not know us has done nothing: when there is another credential by now, that is shown.
    func open(_ request: APIRequest) async throws -> HTTPClientResponse {
        let credential = try await credentials.current()
        var response = try await exchange(request, credential)
        if response.status == .unauthorized, let other = try await credentials.other(than: credential) {
            response = try await exchange(request, other)
        }
        guard (200...299).contains(response.status.code) else {
            throw KubernetesError.refused(await failure(in: response, of: request))
        }
        return response
    }

    private func exchange(_ request: APIRequest, _ credential: Credential) async throws -> HTTPClientResponse {
        let http = try transport.client(with: credential.certificate)
        do {
            let answer = try await http.execute(
                httpRequest(request, credential), timeout: .seconds(30), logger: nil)
            serverClock.note(answer.headers.first(name: "Date"), logger: logger)
            return answer
        } catch {
            throw transportError(error, request)
        }
    }

    private func httpRequest(_ request: APIRequest, _ credential: Credential) -> HTTPClientRequest {
        var http = HTTPClientRequest(url: configuration.baseURL + request.target)
        http.method = HTTPMethod(rawValue: request.method.rawValue)
        http.headers.add(name: "Accept", value: request.accept)
        http.headers.add(name: "User-Agent", value: "gabion")
        if let type = request.contentType { http.headers.add(name: "Content-Type", value: type) }
        if let token = credential.token { http.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if let body = request.body { http.body = .bytes(ByteBuffer(bytes: body)) }
        return http
    }

    func transportError(_ error: any Error, _ request: APIRequest) -> any Error {
        if error is CancellationError || error as? HTTPClientError == .cancelled { return CancellationError() }
        if error is KubernetesError || error is ConfigurationError { return error }
        return KubernetesError.unreachable(
            method: request.method.rawValue, path: request.path, server: "\(configuration.server)",
            fault: TransportFault(error).explained { transport.times().explanation(ofHandshake: $0) })
    }

    private func failure(in response: HTTPClientResponse, of request: APIRequest) async -> APIFailure {
        let body = try? await response.body.collect(upTo: 1 << 20)
        let data = body.map { Data($0.readableBytesView) } ?? Data()
        var status =
            (try? JSONDecoder().decode(Status.self, from: data))
            ?? Status(code: Int(response.status.code), reason: response.status.reasonPhrase)
        status.code = Int(response.status.code)
        if status.message == nil { status.message = String(decoding: data.prefix(500), as: UTF8.self) }
        let seconds = response.headers.first(name: "Retry-After").flatMap { Int($0) }
        var failure = APIFailure(
            method: request.method.rawValue, path: request.path, status: status,
            retryAfter: seconds.map { .seconds($0) })
        if failure.code == 401 {
            let hints = [transport.times().explanationOfRefusal, serverClock.difference].compactMap { $0 }
            if !hints.isEmpty { failure.hint = hints.joined(separator: "; ") }
        }
        failure.priorityLevel = response.headers.first(name: "X-Kubernetes-PF-PriorityLevel-UID")
        return failure
    }

    private func retrying<Value>(
        _ request: APIRequest, _ attempt: () async throws -> Value
    ) async throws -> Value {
        var backoff = Backoff(initial: retryPolicy.initialPause, limit: retryPolicy.longestPause)
        var count = 1
        let start = ContinuousClock.now
        while true {
            let outcome: RetryPolicy.Outcome
            let failure: any Error
            do {
                return try await attempt()
            } catch {
                failure = transportError(error, request)
                guard let classified = RetryPolicy.Outcome(failure) else { throw failure }
                outcome = classified
            }
            let decision = retryPolicy.decision(
                after: outcome, attempt: count, isIdempotent: request.isIdempotent,
                elapsed: ContinuousClock.now - start)
            count += 1
            let pause: Duration
            switch decision {
            case .giveUp: throw failure
            case .backOff: pause = backoff.pause()
            // Not all who were told the same at once come back at once.
            case .wait(let duration): pause = duration * Double.random(in: 1...1.5)
            }
            logger.debug("request is tried again", metadata: ["error": "\(failure)", "pause": "\(pause)"])
            try await Task.sleep(for: pause)
        }
    }
}

extension RetryPolicy.Outcome {
    /// Nil for errors that a second attempt cannot mend.
    init?(_ error: any Error) {
        switch error as? KubernetesError {
        case .refused(let failure)?: self = .refused(code: failure.code, retryAfter: failure.retryAfter)
        case .unreachable(_, _, _, let fault)?: self = fault.isBeforeSending ? .notSent : .unanswered
        default: return nil
        }
    }
}
