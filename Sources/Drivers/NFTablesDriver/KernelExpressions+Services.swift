import CLinux
import LinuxSystem
import NFTables
import NetworkTypes

/// What the rules that lead to services consist of besides lookups.
extension KernelExpressions {
    /// False for other statements.
    mutating func append(serviceStatement statement: Statement) -> Bool {
        switch statement {
        case .networkProtocol(let family): require(family)
        case .setMark(let mark):
            append("immediate") { writer in
                writer.put(NFTA_IMMEDIATE_DREG.rawValue, bigEndian: Self.register(0))
                writer.nest(NFTA_IMMEDIATE_DATA.rawValue) {
                    $0.put(NFTA_DATA_VALUE.rawValue, bytes: withUnsafeBytes(of: mark) { Array($0) })
                }
            }
            setMark()
        case .numberMark(let below, let offset):
            append("numgen") { writer in
                writer.put(NFTA_NG_DREG.rawValue, bigEndian: Self.register(0))
                writer.put(NFTA_NG_MODULUS.rawValue, bigEndian: below)
                writer.put(NFTA_NG_TYPE.rawValue, bigEndian: UInt32(NFT_NG_RANDOM.rawValue))
                writer.put(NFTA_NG_OFFSET.rawValue, bigEndian: offset)
            }
            setMark()
        case .mapMark(let fields, let map):
            guard load(fields, allowingMarks: true) else { return false }
            lookUpData(in: map)
            setMark()
        case .destinationNAT(.map(let fields, let map, let family)):
            guard load(fields, allowingMarks: true) else { return false }
            lookUpData(in: map)
            translateDestination(family)
        default: return false
        }
        return true
    }

    private mutating func lookUpData(in map: Name) {
        append("lookup") { writer in
            writer.put(NFTA_LOOKUP_SET.rawValue, text: map.text)
            writer.put(NFTA_LOOKUP_SREG.rawValue, bigEndian: Self.register(0))
            writer.put(NFTA_LOOKUP_DREG.rawValue, bigEndian: Self.register(0))
        }
    }

    private mutating func setMark() {
        append("meta") { writer in
            writer.put(NFTA_META_KEY.rawValue, bigEndian: UInt32(NFT_META_MARK.rawValue))
            writer.put(NFTA_META_SREG.rawValue, bigEndian: Self.register(0))
        }
    }

    /// To the address and, behind it, the port that were looked up.
    private mutating func translateDestination(_ family: IPAddress.Family) {
        let words = UInt32(family.bitWidth / 32)
        append("nat") { writer in
            writer.put(NFTA_NAT_TYPE.rawValue, bigEndian: UInt32(NFT_NAT_DNAT.rawValue))
            writer.put(NFTA_NAT_FAMILY.rawValue, bigEndian: UInt32(family == .v4 ? 2 : 10))
            writer.put(NFTA_NAT_REG_ADDR_MIN.rawValue, bigEndian: Self.register(0))
            writer.put(NFTA_NAT_REG_PROTO_MIN.rawValue, bigEndian: Self.register(words))
        }
    }
}
