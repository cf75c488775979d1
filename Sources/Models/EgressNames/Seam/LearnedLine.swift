package import ClusterAPI
package import NetworkTypes

/// A line of `R/names-learned.jsonl`: what the process that learns names tells the agent, and itself after a restart.
package enum LearnedLine: Hashable, Sendable {
    /// The first line: what follows is all there is.
    case begin
    /// That a pod was told an address, or told it again for a longer time.
    case add(LearnedAddress)
    case remove(client: ObjectKey, name: DomainName, address: IPAddress)

    package static let version = 1
}

extension LearnedLine: Codable {
    private enum Key: String, CodingKey {
        case op, version, client, name, address
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        let operation = try fields.decode(String.self, forKey: .op)
        func text<Value>(_ key: Key, _ parse: (String) -> Value?) throws -> Value {
            let text = try fields.decode(String.self, forKey: key)
            if let value = parse(text) { return value }
            throw DecodingError.dataCorruptedError(
                forKey: key, in: fields, debugDescription: "\"\(text)\" is no \(key.stringValue)")
        }
        switch operation {
        case "begin":
            let version = try fields.decode(Int.self, forKey: .version)
            guard version == Self.version else {
                throw DecodingError.dataCorruptedError(
                    forKey: .version, in: fields, debugDescription: "version \(version) is unknown")
            }
            self = .begin
        case "add": self = .add(try LearnedAddress(from: decoder))
        case "remove":
            self = .remove(
                client: try text(.client) { ObjectKey($0) }, name: try text(.name) { DomainName($0) },
                address: try text(.address) { IPAddress($0) })
        default:
            throw DecodingError.dataCorruptedError(
                forKey: .op, in: fields, debugDescription: "\"\(operation)\" is unknown")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Key.self)
        switch self {
        case .begin:
            try fields.encode("begin", forKey: .op)
            try fields.encode(Self.version, forKey: .version)
        case .add(let entry):
            try fields.encode("add", forKey: .op)
            try entry.encode(to: encoder)
        case .remove(let client, let name, let address):
            try fields.encode("remove", forKey: .op)
            try fields.encode(client.description, forKey: .client)
            try fields.encode(name.description, forKey: .name)
            try fields.encode(address.description, forKey: .address)
        }
    }
}
