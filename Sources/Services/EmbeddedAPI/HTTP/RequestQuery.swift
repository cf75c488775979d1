import APIMachinery

/// The decoded query of a URL.
///
/// The first value of a name counts.
struct RequestQuery: Sendable {
    private var values: [String: String] = [:]

    init(_ text: String) {
        for pair in text.split(separator: "&") {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = PercentCoding.decode(sides[0], plusIsSpace: true)
            let value = sides.count > 1 ? PercentCoding.decode(sides[1], plusIsSpace: true) : ""
            if values[name] == nil { values[name] = value }
        }
    }

    subscript(_ name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// 400 unless absent, `true`, `false`, `1` or `0`.
    func flag(_ name: String) throws(APIStatus) -> Bool {
        switch self[name] {
        case nil, "false", "0": false
        case "true", "1": true
        case let other?: throw .badRequest("\(name): \"\(other)\" is not a boolean")
        }
    }

    /// A version; 400 unless absent or a whole number from 0 up.
    func version(_ name: String) throws(APIStatus) -> UInt64? {
        guard let text = self[name] else { return nil }
        guard let number = UInt64(text) else {
            throw .badRequest(
                "\(name): Invalid value: \"\(text)\": strconv.ParseUint: parsing \"\(text)\": invalid syntax")
        }
        return number
    }

    /// A number of objects or seconds; 400 unless absent or whole.
    ///
    /// Nothing below zero limits anything.
    func limit(_ name: String) throws(APIStatus) -> Int {
        guard let text = self[name] else { return 0 }
        guard let number = Int(text) else {
            throw .badRequest("strconv.ParseInt: parsing \"\(text)\": invalid syntax")
        }
        return max(number, 0)
    }
}
