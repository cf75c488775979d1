package import NetworkTypes

/// What a message asks.
package struct DNSQuestion: Hashable, Sendable, CustomStringConvertible {
    package static let internet: UInt16 = 1
    package static let anyClass: UInt16 = 255

    package var name: DomainName
    package var type: DNSRecordType
    package var recordClass: UInt16

    package init(_ name: DomainName, _ type: DNSRecordType, recordClass: UInt16 = Self.internet) {
        self.name = name
        self.type = type
        self.recordClass = recordClass
    }

    package var description: String { "\(name) \(type)" }
}
