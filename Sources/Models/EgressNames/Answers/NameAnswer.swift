package import NetworkTypes

/// A question for the addresses of a name.
package struct NameQuestion: Hashable, Sendable, CustomStringConvertible {
    package let name: DomainName
    /// A asks for v4, AAAA for v6.
    package let family: IPAddress.Family

    package init(_ name: DomainName, _ family: IPAddress.Family) {
        self.name = name
        self.family = family
    }

    package var description: String { "\(name) \(family == .v4 ? "A" : "AAAA")" }
}

/// What a server said to one: the records of its answer that matter here.
package struct NameAnswer: Hashable, Sendable {
    package var server: IPAddress
    package var question: NameQuestion
    /// Nil when they cannot be read.
    package var records: [NameRecord]?

    package init(from server: IPAddress, to question: NameQuestion, _ records: [NameRecord]?) {
        self.server = server
        self.question = question
        self.records = records
    }
}

/// A CNAME, A or AAAA record.
package struct NameRecord: Hashable, Sendable {
    package enum Data: Hashable, Sendable {
        case alias(DomainName)
        case address(IPAddress)
    }

    package let owner: DomainName
    package let data: Data
    /// Seconds, as they stand on the wire.
    package let timeToLive: UInt32

    package init(_ owner: DomainName, _ data: Data, timeToLive: UInt32) {
        self.owner = owner
        self.data = data
        self.timeToLive = timeToLive
    }

    /// A time with its highest bit set is none (RFC 2181, 8).
    var life: UInt64 { timeToLive > UInt32.max / 2 ? 0 : UInt64(timeToLive) }
}
