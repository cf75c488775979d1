import AsyncHTTPClient
import ClusterAPI
import EmbeddedAPI
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL
import Testing

/// A Kubernetes client as thin as can be: methods, paths, JSON.
struct TestClient: Sendable {
    let base: String
    private let http: HTTPClient

    struct Answer: Sendable {
        let status: Int
        let headers: HTTPHeaders
        let text: String
        /// Null when the text is not JSON.
        let json: JSONValue

        var reason: String? { json["reason"]?.string }
        var message: String { json["message"]?.string ?? text }
        var items: [JSONValue] { json["items"]?.array ?? [] }
        var names: [String] { items.compactMap { $0["metadata"]?["name"]?.string } }
    }

    init(_ endpoints: EmbeddedAPIServer.Endpoints, directory: String, as identity: Identity?) throws {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .file(directory + "/pki/ca.crt")
        if let identity, let authority = try CertificateAuthority.load(dataDirectory: directory) {
            let credential = try authority.issueClient(identity)
            tls.certificateChain = try NIOSSLCertificate.fromPEMBytes(Array(credential.certificate.utf8)).map {
                .certificate($0)
            }
            tls.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: Array(credential.key.utf8), format: .pem))
        }
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 512
        configuration.httpVersion = .http1Only
        // Hundreds of TLS handshakes beside the other tests take their time on two cores.
        configuration.timeout.connect = .seconds(40)
        http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        base = endpoints.url ?? ""
    }

    func close() async throws { try await http.shutdown() }

    func request(_ method: HTTPMethod, _ path: String) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: path.hasPrefix("http") ? path : base + path)
        request.method = method
        return request
    }

    @discardableResult
    func send(
        _ method: HTTPMethod, _ path: String, _ body: JSONValue? = nil, type: String = "application/json",
        headers: [(String, String)] = []
    ) async throws -> Answer {
        var request = request(method, path)
        if let body {
            request.headers.add(name: "Content-Type", value: type)
            request.body = .bytes(ByteBuffer(bytes: JSONText.encode(body)))
        }
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        return try await answer(request)
    }

    func answer(_ request: HTTPClientRequest) async throws -> Answer {
        let response = try await http.execute(request, timeout: .seconds(30))
        let bytes = try await response.body.collect(upTo: 256 << 20)
        let json = try? JSONText.decode(bytes.readableBytesView)
        return Answer(
            status: Int(response.status.code), headers: response.headers, text: String(buffer: bytes),
            json: json ?? .null)
    }

    func get(_ path: String, accept: String? = nil) async throws -> Answer {
        try await send(.GET, path, headers: accept.map { [("Accept", $0)] } ?? [])
    }

    func create(_ path: String, _ object: JSONValue) async throws -> Answer { try await send(.POST, path, object) }

    /// Opens a watch and gives its events to `body` as an iterator; leaving `body` closes the connection.
    func watch(_ path: String, accept: String? = nil, _ body: (inout WatchLines) async throws -> Void) async throws {
        var request = request(.GET, path)
        if let accept { request.headers.add(name: "Accept", value: accept) }
        let response = try await http.execute(request, timeout: .seconds(60))
        var lines = WatchLines(status: Int(response.status.code), body: response.body.makeAsyncIterator())
        try await body(&lines)
    }
}

/// The events of a watch, one JSON document per line.
struct WatchLines {
    let status: Int
    private var body: HTTPClientResponse.Body.AsyncIterator
    private var rest = ByteBuffer()

    init(status: Int, body: HTTPClientResponse.Body.AsyncIterator) {
        self.status = status
        self.body = body
    }

    /// Nil at the end of the watch.
    mutating func next() async throws -> JSONValue? {
        while true {
            if let end = rest.readableBytesView.firstIndex(of: 0x0A) {
                let line = rest.readSlice(length: end - rest.readerIndex)
                rest.moveReaderIndex(forwardBy: 1)
                return try JSONText.decode((line ?? ByteBuffer()).readableBytesView)
            }
            guard var part = try await body.next(isolation: #isolation) else { return nil }
            rest.writeBuffer(&part)
        }
    }

    /// `TYPE name` of the next event.
    mutating func summary() async throws -> String? {
        try await next().map {
            "\($0["type"]?.string ?? "?") \($0["object"]?["metadata"]?["name"]?.string ?? "")"
        }
    }

    /// The next event must be this one.
    mutating func expect(_ wanted: String, at place: SourceLocation = #_sourceLocation) async throws {
        let seen = try await summary()
        #expect(seen == wanted, sourceLocation: place)
    }

    /// The watch must be over.
    mutating func expectEnd(at place: SourceLocation = #_sourceLocation) async throws {
        let event = try await next()
        #expect(event == nil, sourceLocation: place)
    }
}
