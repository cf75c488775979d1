package import ClusterAPI
package import NetworkTypes

/// That a pod was told an address of a name.
package struct LearnedAddress: Hashable, Sendable {
    package let client: ObjectKey
    package let name: DomainName
    package let address: IPAddress
    /// When it ends, unless it is in use then.
    package let deadline: UInt64

    package init(client: ObjectKey, name: DomainName, address: IPAddress, deadline: UInt64) {
        self.client = client
        self.name = name
        self.address = address
        self.deadline = deadline
    }

    var key: LeaseSchedule.Key { .init(client: client, name: name, address: address) }

    var order: (ObjectKey, String, IPAddress) { (client, name.description, address) }
}

/// A pod with a connection to an address.
package struct NameUse: Hashable, Sendable {
    package let client: ObjectKey
    package let address: IPAddress

    package init(client: ObjectKey, address: IPAddress) {
        self.client = client
        self.address = address
    }
}

extension LearnedAddress: Codable {
    private enum CodingKeys: String, CodingKey {
        case client, name, address, deadline
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        func read<Value>(_ key: CodingKeys, _ parse: (String) -> Value?) throws -> Value {
            let text = try fields.decode(String.self, forKey: key)
            if let value = parse(text) { return value }
            throw DecodingError.dataCorruptedError(
                forKey: key, in: fields, debugDescription: "\"\(text)\" is no \(key.stringValue)")
        }
        client = try read(.client) { ObjectKey($0) }
        name = try read(.name) { DomainName($0) }
        address = try read(.address) { IPAddress($0) }
        deadline = try fields.decode(UInt64.self, forKey: .deadline)
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(client.description, forKey: .client)
        try fields.encode(name.description, forKey: .name)
        try fields.encode(address.description, forKey: .address)
        try fields.encode(deadline, forKey: .deadline)
    }
}
