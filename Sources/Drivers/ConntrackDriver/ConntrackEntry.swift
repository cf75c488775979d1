package import NetworkTypes

/// A connection that the kernel tracks (`nf_conn`).
package struct ConntrackEntry: Hashable, Sendable {
    /// As the first packet had it.
    package var original: Tuple
    /// What answers look like: differs from `original` reversed where addresses are translated.
    package var reply: Tuple
    package var status: Status
    package var mark: UInt32
    package var zone: UInt16
    /// How long the entry lives without another packet; nil while the kernel keeps none.
    package var timeout: Duration?
    /// The kernel's number of this entry: the same tuple seen again later has another.
    package var id: UInt32
    /// Nil unless the namespace counts (`net.netfilter.nf_conntrack_acct`).
    package var originalCounter: Counter?
    package var replyCounter: Counter?
    package var tcpState: TCPState?
    /// When its first packet came, in nanoseconds since 1970; nil unless the namespace keeps it
    /// (`net.netfilter.nf_conntrack_timestamp`).
    package var start: UInt64?

    /// An entry of which no more is known than its two directions.
    package init(original: Tuple, reply: Tuple) {
        self.original = original
        self.reply = reply
        status = []
        mark = 0
        zone = 0
        id = 0
    }

    /// Addresses, protocol and ports of one direction.
    package struct Tuple: Hashable, Sendable {
        package var source: IPAddress
        package var destination: IPAddress
        /// IANA protocol number.
        package var ipProtocol: UInt8
        package var detail: Detail

        package init(source: IPAddress, destination: IPAddress, ipProtocol: UInt8, detail: Detail) {
            self.source = source
            self.destination = destination
            self.ipProtocol = ipProtocol
            self.detail = detail
        }

        package enum Detail: Hashable, Sendable {
            case ports(source: UInt16, destination: UInt16)
            case icmp(type: UInt8, code: UInt8, id: UInt16)
            case none
        }

        package var sourcePort: UInt16? { if case .ports(let port, _) = detail { port } else { nil } }
        package var destinationPort: UInt16? { if case .ports(_, let port) = detail { port } else { nil } }
    }

    package struct Counter: Hashable, Sendable {
        package var packets: UInt64
        package var bytes: UInt64
    }

    /// `IPS_…` bits.
    package struct Status: OptionSet, Hashable, Sendable {
        package let rawValue: UInt32
        package init(rawValue: UInt32) { self.rawValue = rawValue }

        package static let seenReply = Status(rawValue: 1 << 1)
        package static let assured = Status(rawValue: 1 << 2)
        package static let confirmed = Status(rawValue: 1 << 3)
        package static let sourceTranslated = Status(rawValue: 1 << 4)
        package static let destinationTranslated = Status(rawValue: 1 << 5)
    }

    /// `enum tcp_conntrack`.
    package enum TCPState: UInt8, Hashable, Sendable {
        case none, synSent, synReceived, established, finWait, closeWait, lastAck, timeWait, close, synSent2
    }

    /// The protocol, if policy knows it.
    package var transport: TransportProtocol? {
        TransportProtocol.allCases.first { $0.number(original.source.family) == original.ipProtocol }
    }
}

extension ConntrackEntry: CustomStringConvertible {
    package var description: String { "\(original), reply \(reply)" }
}

extension ConntrackEntry.Tuple: CustomStringConvertible {
    package var description: String {
        let ends = "protocol \(ipProtocol) \(source) → \(destination)"
        return switch detail {
        case .ports(let from, let to): "\(ends) ports \(from) → \(to)"
        case .icmp(let type, let code, let id): "\(ends) type \(type) code \(code) id \(id)"
        case .none: ends
        }
    }
}
