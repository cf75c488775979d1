struct QueryItem: Hashable, Sendable {
    let name: String
    let value: String

    init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// One request of the API, before it has a server.
struct APIRequest: Sendable {
    enum Method: String {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    var method: Method
    var path: String
    var query: [QueryItem] = []
    var accept = "application/json"
    var contentType: String?
    var body: [UInt8]?

    /// Path and query as they stand in the request line.
    var target: String {
        guard !query.isEmpty else { return Self.escape(path, keepingSlash: true) }
        let items = query.map { "\($0.name)=\(Self.escape($0.value, keepingSlash: false))" }
        return Self.escape(path, keepingSlash: true) + "?" + items.joined(separator: "&")
    }

    /// A request without effects can be sent twice.
    var isIdempotent: Bool { method == .get }

    /// Percent-encodes everything but RFC 3986's unreserved characters.
    static func escape(_ text: String, keepingSlash: Bool) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: "/") where keepingSlash: result.append("/")
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return result
    }
}
