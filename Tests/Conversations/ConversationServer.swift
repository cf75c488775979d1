import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL

/// An API server that conversations are held with, and those who talk to it.
package struct ConversationServer: Sendable {
    package struct Credential: Sendable {
        let certificate: String
        let key: String

        package init(certificate: String, key: String) {
            self.certificate = certificate
            self.key = key
        }
    }

    let url: String
    let authority: String
    let credentials: [String: Credential]
    private let clients: [String: HTTPClient]

    /// Runs `body` with clients of a server whose certificate `authority` (PEM) has signed.
    ///
    /// `nobody` is always there.
    package static func with<Value>(
        url: String, authority: String, credentials: [String: Credential],
        _ body: (ConversationServer) async throws -> Value
    ) async throws -> Value {
        let server = ConversationServer(
            url: url, authority: authority, credentials: credentials,
            clients: try credentials.mapValues { try client(authority, $0) }
                .merging(["nobody": try client(authority, nil)]) { given, _ in given })
        let result: Result<Value, any Error>
        do { result = .success(try await body(server)) } catch { result = .failure(error) }
        for client in server.clients.values { try await client.shutdown() }
        return try result.get()
    }

    private static func client(_ authority: String, _ credential: Credential?) throws -> HTTPClient {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(authority.utf8)))
        if let credential {
            tls.certificateChain = try NIOSSLCertificate.fromPEMBytes(Array(credential.certificate.utf8))
                .map { .certificate($0) }
            tls.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: Array(credential.key.utf8), format: .pem))
        }
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
        configuration.httpVersion = .http1Only
        configuration.timeout.connect = .seconds(40)
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    struct Answer: Sendable {
        let status: Int
        let headers: HTTPHeaders
        let text: String
    }

    /// Reads an answer to its end, or so many lines of it.
    func send(
        _ method: String, _ path: String, user: String, headers: [(String, String)], body: Data?, lines: Int?
    ) async throws -> Answer {
        guard let client = clients[user] else { throw ConversationFault(description: "nobody is called \(user)") }
        var request = HTTPClientRequest(url: url + path)
        request.method = HTTPMethod(rawValue: method)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
        let response = try await client.execute(request, timeout: .seconds(30))
        var bytes = ByteBuffer()
        for try await var part in response.body {
            bytes.writeBuffer(&part)
            if let lines, bytes.readableBytesView.count(where: { $0 == 0x0A }) >= lines { break }
        }
        return Answer(
            status: Int(response.status.code), headers: response.headers, text: String(buffer: bytes))
    }
}
