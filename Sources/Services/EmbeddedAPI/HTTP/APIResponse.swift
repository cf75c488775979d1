import APIMachinery
import ClusterAPI
import HTTPTypes
import NIOCore

/// An answer before it is written: a whole body, or a watch.
struct APIResponse: Sendable {
    var status: Int
    var contentType = "application/json"
    var warnings: [String] = []
    var body: Body
    /// What a write made, before it took the form that the client asked for; nil where the answer says it.
    var written: JSONValue?

    enum Body: Sendable {
        case bytes(ByteBuffer)
        case watch(WatchSession)
    }

    init(status: Int = 200, bytes: ByteBuffer) {
        self.status = status
        body = .bytes(bytes)
    }

    init(status: Int = 200, _ document: JSONValue, warnings: [String] = []) {
        self.init(status: status, bytes: ByteBuffer(bytes: JSONText.encode(document)))
        self.warnings = warnings
    }

    init(_ failure: APIStatus) { self.init(status: failure.code, failure.document) }

    init(text: String) {
        self.init(bytes: ByteBuffer(string: text))
        contentType = "text/plain; charset=utf-8"
    }

    init(watch: WatchSession) {
        status = 200
        body = .watch(watch)
    }

    var headers: HTTPFields {
        var fields: HTTPFields = [.contentType: contentType, .cacheControl: "no-cache, private"]
        if let warning = HTTPField.Name("Warning") {
            for text in warnings {
                let safe = text.filter { $0 != "\n" && $0 != "\r" }
                    .replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
                fields.append(HTTPField(name: warning, value: "299 - \"\(safe)\""))
            }
        }
        if status == 401 { fields[.wwwAuthenticate] = "Bearer realm=\"gabion\"" }
        return fields
    }
}
