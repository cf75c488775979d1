import LinuxSystem

/// The administrator's socket of one Envoy.
struct EnvoyAdmin: Sendable {
    let path: String

    struct Statistics: Hashable, Sendable {
        var numbers: [String: UInt64] = [:]
        var texts: [String: String] = [:]
    }

    /// Those with a name in which the expression is found.
    func statistics(_ expression: String) async throws -> Statistics {
        let text = try await get("/stats?filter=" + Self.escaped(expression))
        var result = Statistics()
        for line in text.split(separator: "\n") {
            guard let colon = line.firstRange(of: ": ") else { continue }
            let (name, value) = (String(line[..<colon.lowerBound]), line[colon.upperBound...])
            if let number = UInt64(value) {
                result.numbers[name] = number
            } else if value.hasPrefix("\""), value.hasSuffix("\""), value.count > 1 {
                result.texts[name] = String(value.dropFirst().dropLast())
            }
        }
        return result
    }

    private func get(_ target: String) async throws -> String {
        let path = path
        let bytes = try await DedicatedThread.run { () -> [UInt8] in
            let socket = try Socket.connect(unix: path, within: .seconds(2))
            let request = "GET \(target) HTTP/1.1\r\nHost: admin\r\nConnection: close\r\n\r\n"
            try socket.sendAll(Array(request.utf8), within: .seconds(2))
            return try socket.receiveToEnd(limit: 8 << 20, within: .seconds(5))
        }
        return try Self.body(bytes)
    }

    /// Of a response with 200, in chunks or not.
    static func body(_ response: [UInt8]) throws -> String {
        let text = String(decoding: response, as: UTF8.self)
        guard let end = text.firstRange(of: "\r\n\r\n"), text.hasPrefix("HTTP/1.1 200") else {
            throw EnvoyError("Envoy's administrator answers \"\(text.prefix(60))\"")
        }
        let head = text[..<end.lowerBound].lowercased()
        var rest = Array(text[end.upperBound...].utf8)[...]
        guard head.contains("transfer-encoding: chunked") else { return String(decoding: rest, as: UTF8.self) }
        var all: [UInt8] = []
        while let line = rest.firstRange(of: Array("\r\n".utf8)) {
            let size = Int(String(decoding: rest[..<line.lowerBound], as: UTF8.self), radix: 16) ?? 0
            if size == 0 { break }
            all += rest[line.upperBound...].prefix(size)
            rest = rest[line.upperBound...].dropFirst(size + 2)
        }
        return String(decoding: all, as: UTF8.self)
    }

    private static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain = (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
            if isPlain || byte == 95 || byte == 46 { return String(UnicodeScalar(byte)) }
            return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}
