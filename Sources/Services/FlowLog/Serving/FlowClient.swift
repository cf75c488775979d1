import AsyncHTTPClient
package import EmbeddedAPI
package import FlowModel
import Foundation
import NIOCore
import NIOHTTP1

/// Asks an agent about flows: one of this machine by its socket, one of another by TLS.
package struct FlowClient: Sendable {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// Where an agent answers.
    package enum Place: Hashable, Sendable {
        case socket(String)
        /// The node whose agent must be there, and by what it and we know each other.
        case network(ListenAddress, node: String, FlowCredentials)
    }

    private let place: Place
    private let patience: Duration

    /// - Parameter patience: how long the agent may take to answer; for a query that follows, over the network, how
    ///   long until it has told the past.
    package init(at place: Place, patience: Duration = .seconds(10)) {
        self.place = place
        self.patience = patience
    }

    package init(socket: String, patience: Duration = .seconds(10)) {
        self.init(at: .socket(socket), patience: patience)
    }

    /// Calls `receive` for each answer until the agent has no more, or forever when the query follows.
    ///
    /// - Throws: `Failure` when the agent does not answer, or breaks off.
    package func ask(_ query: FlowQuery, _ receive: (FlowAnswer) async throws -> Void) async throws {
        let question = String(decoding: try JSONEncoder().encode(query), as: UTF8.self)
            .addingPercentEncoding(withAllowedCharacters: .alphanumerics)
        let uri = "/v1/flows?q=" + (question ?? "")
        switch place {
        case .socket(let path): try await ask(path, uri, query, receive)
        case .network(let address, let node, let credentials):
            let client = RemoteFlowClient(address: address, node: node, credentials: credentials, patience: patience)
            try await client.ask(uri, follow: query.follow, receive)
        }
    }

    private func ask(
        _ socket: String, _ uri: String, _ query: FlowQuery, _ receive: (FlowAnswer) async throws -> Void
    ) async throws {
        guard FileManager.default.fileExists(atPath: socket) else {
            throw Failure(description: "there is no socket \(socket)")
        }
        guard let url = URL(httpURLWithSocketPath: socket, uri: uri) else {
            throw Failure(description: "\(socket) is no path of a socket")
        }
        let request = HTTPClientRequest(url: url.absoluteString)
        var configuration = HTTPClient.Configuration()
        // Nobody listens on the socket of an agent that has gone: that is the answer.
        configuration.connectionPool.retryConnectionEstablishment = false
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            try await ask(client, request, socket, query, receive)
        } catch {
            try? await client.shutdown()
            throw error
        }
        try? await client.shutdown()
    }

    private func ask(
        _ client: HTTPClient, _ request: HTTPClientRequest, _ socket: String, _ query: FlowQuery,
        _ receive: (FlowAnswer) async throws -> Void
    ) async throws {
        var reader = AnswerReader()
        do {
            let timeout = TimeAmount.milliseconds(Int64(patience / .milliseconds(1)))
            let response = try await client.execute(request, timeout: query.follow ? .hours(24 * 365) : timeout)
            guard response.status == .ok else {
                let words = try await response.body.collect(upTo: 1 << 16)
                throw Failure(description: "\(response.status.code): \(String(buffer: words))")
            }
            for try await chunk in response.body {
                for answer in try reader.read(chunk) { try await receive(answer) }
            }
        } catch let error as Failure {
            throw error
        } catch let error as CancellationError {
            throw error
        } catch {
            throw Failure(description: Self.words(error, socket))
        }
        guard reader.isWhole else { throw Failure(description: "the answer on \(socket) broke off") }
        if query.follow { throw Failure(description: "the agent on \(socket) ended, or this reader was too slow") }
    }

    private static func words(_ error: any Error, _ socket: String) -> String {
        switch (error as? IOError)?.errnoCode {
        case 111: "nobody listens on \(socket): is its agent running?"
        case 13: "\(socket) may not be used by this user: are you root?"
        default: "no answer on \(socket): \(error)"
        }
    }
}
