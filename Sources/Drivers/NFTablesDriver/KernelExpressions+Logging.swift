import CLinux
import LinuxSystem
import NFTables

extension KernelExpressions {
    mutating func limit(_ limit: Statement.Limit) {
        append("limit") { writer in
            writer.put(NFTA_LIMIT_RATE.rawValue, bigEndian: limit.rate)
            writer.put(NFTA_LIMIT_UNIT.rawValue, bigEndian: limit.unit.seconds)
            writer.put(NFTA_LIMIT_TYPE.rawValue, bigEndian: UInt32(NFT_LIMIT_PKTS.rawValue))
            // What nft takes when it is not told.
            writer.put(NFTA_LIMIT_BURST.rawValue, bigEndian: limit.burst == 0 ? 5 : limit.burst)
            writer.put(NFTA_LIMIT_FLAGS.rawValue, bigEndian: limit.over ? UInt32(NFT_LIMIT_F_INV.rawValue) : 0)
        }
    }

    /// `prefix` as the kernel is to have it.
    mutating func log(_ group: UInt16, _ prefix: String, _ snapLength: UInt32?) {
        append("log") { writer in
            writer.put(NFTA_LOG_PREFIX.rawValue, text: prefix)
            writer.put(NFTA_LOG_GROUP.rawValue, bigEndian: group)
            if let snapLength { writer.put(NFTA_LOG_SNAPLEN.rawValue, bigEndian: snapLength) }
        }
    }
}

extension Statement.Limit.Unit {
    fileprivate var seconds: UInt64 {
        switch self {
        case .second: 1
        case .minute: 60
        case .hour: 3600
        case .day: 86400
        }
    }
}
