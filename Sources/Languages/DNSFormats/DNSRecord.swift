package import NetworkTypes

/// One record of an answer.
package struct DNSRecord: Hashable, Sendable {
    package var name: DomainName
    package var recordClass: UInt16
    /// How long it may be remembered, in seconds.
    package var timeToLive: UInt32
    package var data: DNSRecordData

    package init(
        _ name: DomainName, timeToLive: UInt32, _ data: DNSRecordData, recordClass: UInt16 = DNSQuestion.internet
    ) {
        self.name = name
        self.timeToLive = timeToLive
        self.data = data
        self.recordClass = recordClass
    }
}

/// What a record says, with the names in it written out.
package enum DNSRecordData: Hashable, Sendable {
    case address(IPAddress)
    case nameServer(DomainName)
    case alias(DomainName)
    case pointer(DomainName)
    case mailExchange(preference: UInt16, DomainName)
    case authority(DNSAuthority)
    case service(priority: UInt16, weight: UInt16, port: UInt16, DomainName)
    /// Its bytes as they are: text, and all types that are not known here. None of these has compressed names (RFC 3597).
    case other(DNSRecordType, [UInt8])

    package var type: DNSRecordType {
        switch self {
        case .address(let address): address.family == .v4 ? .a : .aaaa
        case .nameServer: .ns
        case .alias: .cname
        case .pointer: .ptr
        case .mailExchange: .mx
        case .authority: .soa
        case .service: .srv
        case .other(let type, _): type
        }
    }

    /// A text of up to 255 bytes; what is longer is cut off.
    package static func text(_ text: String) -> DNSRecordData {
        let bytes = Array(text.utf8.prefix(255))
        return .other(.txt, [UInt8(bytes.count)] + bytes)
    }
}

/// SOA: who answers for a zone, and for how long a "no" may be remembered (RFC 2308).
package struct DNSAuthority: Hashable, Sendable {
    package var server: DomainName
    package var mailbox: DomainName
    package var serial: UInt32
    package var refresh: UInt32
    package var retry: UInt32
    package var expire: UInt32
    package var minimum: UInt32

    package init(
        server: DomainName, mailbox: DomainName, serial: UInt32, refresh: UInt32 = 7200, retry: UInt32 = 1800,
        expire: UInt32 = 86_400, minimum: UInt32
    ) {
        self.server = server
        self.mailbox = mailbox
        self.serial = serial
        self.refresh = refresh
        self.retry = retry
        self.expire = expire
        self.minimum = minimum
    }
}
