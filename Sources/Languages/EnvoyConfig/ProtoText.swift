import ClusterAPI

extension JSONValue {
    /// A message in a field of any type.
    static func typed(_ type: String, _ members: JSONValue = [:]) -> JSONValue {
        var message = members
        message["@type"] = .string("type.googleapis.com/" + type)
        return message
    }

    /// JSON with sorted members, a line for each element of a list, as Envoy reads protobuf.
    var protoText: String {
        switch self {
        case .null: "null"
        case .bool(let flag): String(flag)
        case .int(let number): String(number)
        case .double(let number): String(number)
        case .string(let text): Self.protoString(text)
        case .array(let elements): "[" + elements.map { "\n" + $0.protoText }.joined(separator: ",") + "]"
        case .object(let members):
            "{"
                + members.sorted { $0.key < $1.key }
                .map { "\(Self.protoString($0.key)):\($0.value.protoText)" }.joined(separator: ",") + "}"
        }
    }

    private static func protoString(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
