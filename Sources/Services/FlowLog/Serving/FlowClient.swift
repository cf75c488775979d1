import AsyncHTTPClient
package import FlowModel
import Foundation
import NIOCore
import NIOHTTP1

/// Asks the agents of this machine about flows, by their sockets.
package struct FlowClient: Sendable {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// One node's agent.
    private let socket: String
    private let patience: Duration

    /// - Parameter patience: how long the agent may take to answer, if the query does not follow.
    package init(socket: String, patience: Duration = .seconds(10)) {
        self.socket = socket
        self.patience = patience
    }

    /// Calls `receive` for each answer until the agent has no more, or forever when the query follows.
    ///
    /// - Throws: `Failure` when the agent does not answer, or breaks off.
    package func ask(_ query: FlowQuery, _ receive: (FlowAnswer) async throws -> Void) async throws {
        guard FileManager.default.fileExists(atPath: socket) else {
            throw Failure(description: "there is no socket \(socket)")
        }
        let question = String(decoding: try JSONEncoder().encode(query), as: UTF8.self)
            .addingPercentEncoding(withAllowedCharacters: .alphanumerics)
        guard let question, let url = URL(httpURLWithSocketPath: socket, uri: "/v1/flows?q=" + question) else {
            throw Failure(description: "\(socket) is no path of a socket")
        }
        let request = HTTPClientRequest(url: url.absoluteString)
        var configuration = HTTPClient.Configuration()
        // Nobody listens on the socket of an agent that has gone: that is the answer.
        configuration.connectionPool.retryConnectionEstablishment = false
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            try await ask(client, request, query, receive)
        } catch {
            try? await client.shutdown()
            throw error
        }
        try? await client.shutdown()
    }

    private func ask(
        _ client: HTTPClient, _ request: HTTPClientRequest, _ query: FlowQuery,
        _ receive: (FlowAnswer) async throws -> Void
    ) async throws {
        var isWhole = false
        do {
            let timeout = TimeAmount.milliseconds(Int64(patience / .milliseconds(1)))
            let response = try await client.execute(request, timeout: query.follow ? .hours(24 * 365) : timeout)
            guard response.status == .ok else {
                let words = try await response.body.collect(upTo: 1 << 16)
                throw Failure(description: "\(response.status.code): \(String(buffer: words))")
            }
            var rest = ByteBuffer()
            for try await var chunk in response.body {
                rest.writeBuffer(&chunk)
                while let end = rest.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) {
                    let line = rest.readSlice(length: end - rest.readerIndex) ?? ByteBuffer()
                    rest.moveReaderIndex(forwardBy: 1)
                    let answer = try JSONDecoder().decode(FlowAnswer.self, from: Data(line.readableBytesView))
                    if case .summary = answer { isWhole = true }
                    try await receive(answer)
                }
                rest.discardReadBytes()
            }
        } catch let error as Failure {
            throw error
        } catch let error as CancellationError {
            throw error
        } catch {
            throw Failure(description: "no answer on \(socket): \(error)")
        }
        guard isWhole else { throw Failure(description: "the answer on \(socket) broke off") }
        if query.follow { throw Failure(description: "the agent on \(socket) ended, or this reader was too slow") }
    }
}
