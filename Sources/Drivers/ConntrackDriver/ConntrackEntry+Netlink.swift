import CLinux
import LinuxSystem
import NetworkTypes

extension ConntrackEntry {
    /// Reads the kernel's report; nil when its two tuples are not both there (or not IP).
    init?(_ payload: NetlinkView) {
        var original: Tuple?
        var reply: Tuple?
        let nowhere = Tuple(source: IPAddress(v4: 0), destination: IPAddress(v4: 0), ipProtocol: 0, detail: .none)
        self.init(original: nowhere, reply: nowhere)
        for (type, value) in payload.attributes(after: nfgenmsg.self) {
            switch UInt32(type) {
            case CTA_TUPLE_ORIG.rawValue: original = Tuple(value)
            case CTA_TUPLE_REPLY.rawValue: reply = Tuple(value)
            case CTA_STATUS.rawValue: status = Status(rawValue: value.bigEndian() ?? 0)
            case CTA_MARK.rawValue: mark = value.bigEndian() ?? 0
            case CTA_ZONE.rawValue: zone = value.bigEndian() ?? 0
            case CTA_ID.rawValue: id = value.bigEndian() ?? 0
            case CTA_TIMEOUT.rawValue: timeout = value.bigEndian(UInt32.self).map { .seconds(Int64($0)) }
            case CTA_COUNTERS_ORIG.rawValue: originalCounter = Counter(value)
            case CTA_COUNTERS_REPLY.rawValue: replyCounter = Counter(value)
            case CTA_TIMESTAMP.rawValue: start = value.attributes[CTA_TIMESTAMP_START.rawValue]?.bigEndian()
            case CTA_PROTOINFO.rawValue:
                tcpState = value.attributes[CTA_PROTOINFO_TCP.rawValue]?.attributes[CTA_PROTOINFO_TCP_STATE.rawValue]?
                    .number(UInt8.self).flatMap(TCPState.init)
            default: break
            }
        }
        guard let original, let reply else { return nil }
        self.original = original
        self.reply = reply
    }

    /// What names this very entry in a request.
    func write(to writer: inout NetlinkWriter) {
        writer.nest(CTA_TUPLE_ORIG.rawValue) { original.write(to: &$0) }
        if zone != 0 { writer.put(CTA_ZONE.rawValue, bigEndian: zone) }
        if id != 0 { writer.put(CTA_ID.rawValue, bigEndian: id) }
    }
}

extension ConntrackEntry.Counter {
    init?(_ value: NetlinkView) {
        let attributes = value.attributes
        guard let packets = attributes[CTA_COUNTERS_PACKETS.rawValue]?.bigEndian(UInt64.self),
            let bytes = attributes[CTA_COUNTERS_BYTES.rawValue]?.bigEndian(UInt64.self)
        else { return nil }
        self.init(packets: packets, bytes: bytes)
    }
}

extension ConntrackEntry.Tuple {
    init?(_ value: NetlinkView) {
        var source: IPAddress?
        var destination: IPAddress?
        var number: UInt8?
        var detail = Detail.none
        for (type, part) in value.attributes {
            switch UInt32(type) {
            case CTA_TUPLE_IP.rawValue:
                for (type, address) in part.attributes {
                    switch UInt32(type) {
                    case CTA_IP_V4_SRC.rawValue, CTA_IP_V6_SRC.rawValue: source = Self.address(address)
                    case CTA_IP_V4_DST.rawValue, CTA_IP_V6_DST.rawValue: destination = Self.address(address)
                    default: break
                    }
                }
            case CTA_TUPLE_PROTO.rawValue: (number, detail) = Self.protocolPart(part)
            default: break
            }
        }
        guard let source, let destination, let number else { return nil }
        self.init(source: source, destination: destination, ipProtocol: number, detail: detail)
    }

    private static func address(_ view: NetlinkView) -> IPAddress? {
        switch view.count {
        case 4: view.bigEndian(UInt32.self).map { IPAddress(v4: $0) }
        case 16: view.bigEndian(UInt128.self).map { IPAddress(family: .v6, bits: $0) }
        default: nil
        }
    }

    private static func protocolPart(_ part: NetlinkView) -> (UInt8?, Detail) {
        var number: UInt8?
        var ports: (source: UInt16?, destination: UInt16?) = (nil, nil)
        var icmp: (type: UInt8?, code: UInt8?, id: UInt16?) = (nil, nil, nil)
        for (type, value) in part.attributes {
            switch UInt32(type) {
            case CTA_PROTO_NUM.rawValue: number = value.number()
            case CTA_PROTO_SRC_PORT.rawValue: ports.source = value.bigEndian()
            case CTA_PROTO_DST_PORT.rawValue: ports.destination = value.bigEndian()
            case CTA_PROTO_ICMP_TYPE.rawValue, CTA_PROTO_ICMPV6_TYPE.rawValue: icmp.type = value.number()
            case CTA_PROTO_ICMP_CODE.rawValue, CTA_PROTO_ICMPV6_CODE.rawValue: icmp.code = value.number()
            case CTA_PROTO_ICMP_ID.rawValue, CTA_PROTO_ICMPV6_ID.rawValue: icmp.id = value.bigEndian()
            default: break
            }
        }
        if let source = ports.source, let destination = ports.destination {
            return (number, .ports(source: source, destination: destination))
        }
        if let type = icmp.type, let code = icmp.code, let id = icmp.id {
            return (number, .icmp(type: type, code: code, id: id))
        }
        return (number, .none)
    }

    func write(to writer: inout NetlinkWriter) {
        let isV4 = source.family == .v4
        writer.nest(CTA_TUPLE_IP.rawValue) { addresses in
            addresses.put((isV4 ? CTA_IP_V4_SRC : CTA_IP_V6_SRC).rawValue, bytes: source.bytes)
            addresses.put((isV4 ? CTA_IP_V4_DST : CTA_IP_V6_DST).rawValue, bytes: destination.bytes)
        }
        writer.nest(CTA_TUPLE_PROTO.rawValue) { part in
            part.put(CTA_PROTO_NUM.rawValue, ipProtocol)
            switch detail {
            case .ports(let source, let destination):
                part.put(CTA_PROTO_SRC_PORT.rawValue, bigEndian: source)
                part.put(CTA_PROTO_DST_PORT.rawValue, bigEndian: destination)
            case .icmp(let type, let code, let id):
                part.put((isV4 ? CTA_PROTO_ICMP_TYPE : CTA_PROTO_ICMPV6_TYPE).rawValue, type)
                part.put((isV4 ? CTA_PROTO_ICMP_CODE : CTA_PROTO_ICMPV6_CODE).rawValue, code)
                part.put((isV4 ? CTA_PROTO_ICMP_ID : CTA_PROTO_ICMPV6_ID).rawValue, bigEndian: id)
            case .none: break
            }
        }
    }
}
