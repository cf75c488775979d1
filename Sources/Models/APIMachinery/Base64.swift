/// RFC 4648 base64 with padding.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: [UInt8]) -> String {
        var result: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << (8 * UInt32(3 - group.count))
            for position in 0..<4 {
                let index = Int(bits >> UInt32(18 - 6 * position) & 63)
                result.append(position <= group.count ? alphabet[index] : 0x3d)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    static func isValid(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        let digits = bytes.prefix { $0 != 0x3d }
        return bytes.count.isMultiple(of: 4) && bytes.count - digits.count <= 2
            && bytes[digits.count...].allSatisfy { $0 == 0x3d } && digits.allSatisfy { alphabet.contains($0) }
    }
}
