import CLinux
import LinuxSystem
import NFTables

/// Reads a whole table by netlink: what a listing by nft says, at a tenth of its cost.
///
/// nft turns every element and every rule into text and JSON, which for the maps of 10,000 services takes a second of a
/// core, and as long again to read. Rules are known by their comments here, so nobody needs their expressions.
struct KernelTableReader {
    let channel: KernelChannel
    let family: Table.Family
    let table: Name

    /// Reads until nobody commits meanwhile, a few times.
    func read() throws -> NFTablesDriver.Reading {
        for _ in 0..<3 {
            let start = try channel.generation()
            do {
                guard try exists() else { return .absent }
                guard let content = try content() else { return .unclear }
                if try channel.generation() == start { return .table(content) }
            } catch let error as NetlinkError where error.number == .busy || error.number == .notFound {
                // It changed while it was read, or what was to be read is gone.
                continue
            }
        }
        return .unclear
    }

    private func exists() throws -> Bool {
        do {
            _ = try channel.withSocket { socket in try socket.query(question(NFT_MSG_GETTABLE, NFTA_TABLE_NAME)) }
            return true
        } catch let error as NetlinkError where error.number == .notFound {
            return false
        }
    }

    /// Nil for what only nft can tell.
    private func content() throws -> ObservedTable? {
        var observed = ObservedTable(family, table)
        try readChains(&observed)
        try readRules(&observed)
        guard try readCounters(&observed), try hasNoFlowtables() else { return nil }
        return try readSets(&observed) ? observed : nil
    }

    // MARK: Questions

    /// A question about the table, whose name stands in the attribute `name`.
    func question(_ type: nf_tables_msg_types, _ name: some RawRepresentable<UInt32>) -> NetlinkMessage {
        let header = nfgenmsg(nfgen_family: KernelBatch.number(family), version: UInt8(NFNETLINK_V0), res_id: 0)
        var payload = NetlinkWriter(header: header)
        payload.put(name.rawValue, text: table.text)
        return NetlinkMessage(type: UInt32(NFNL_SUBSYS_NFTABLES) << 8 | type.rawValue, payload: payload)
    }

    /// Each answer that is about the table; the kernel does not filter all of them.
    func dump(
        _ question: NetlinkMessage, _ name: some RawRepresentable<UInt32>, _ visit: (NetlinkView.Attributes) -> Void
    ) throws {
        let isWhole = try channel.withSocket { socket in
            try socket.dump(question) { reply in
                let attributes = reply.payload.attributes(after: nfgenmsg.self)
                if attributes[name.rawValue]?.text == table.text { visit(attributes) }
            }
        }
        if !isWhole { throw NetlinkError(number: .busy, text: "the table changed while it was read") }
    }

    // MARK: Chains and rules

    private func readChains(_ observed: inout ObservedTable) throws {
        try dump(question(NFT_MSG_GETCHAIN, NFTA_CHAIN_TABLE), NFTA_CHAIN_TABLE) { attributes in
            guard let name = attributes[NFTA_CHAIN_NAME.rawValue]?.text else { return }
            let base = Chain.Base(attributes, family)
            observed.chains[Name(name)] = ObservedTable.ObservedChain(base: base)
        }
    }

    private func readRules(_ observed: inout ObservedTable) throws {
        try dump(question(NFT_MSG_GETRULE, NFTA_RULE_TABLE), NFTA_RULE_TABLE) { attributes in
            var chain = ""
            var handle: UInt64 = 0
            var comment: String?
            for (type, value) in attributes {
                switch UInt32(type) {
                case NFTA_RULE_CHAIN.rawValue: chain = value.text
                case NFTA_RULE_HANDLE.rawValue: handle = value.bigEndian() ?? 0
                case NFTA_RULE_USERDATA.rawValue: comment = Self.comment(in: value)
                default: break
                }
            }
            let rule = ObservedTable.ObservedRule(handle: handle, comment: comment)
            observed.chains[Name(chain), default: ObservedTable.ObservedChain(base: nil)].rules.append(rule)
        }
    }

    /// What nft keeps with a rule is a run of type, length, value; type 0 is the comment.
    private static func comment(in data: NetlinkView) -> String? {
        let bytes = data.bytes
        var start = 0
        while start + 2 <= bytes.count {
            let end = start + 2 + Int(bytes[start + 1])
            guard end <= bytes.count else { return nil }
            if bytes[start] == 0 { return String(decoding: bytes[start + 2..<end].prefix { $0 != 0 }, as: UTF8.self) }
            start = end
        }
        return nil
    }

    // MARK: Objects

    /// False if there are others than counters.
    private func readCounters(_ observed: inout ObservedTable) throws -> Bool {
        var hasOthers = false
        try dump(question(NFT_MSG_GETOBJ, NFTA_OBJ_TABLE), NFTA_OBJ_TABLE) { attributes in
            guard attributes[NFTA_OBJ_TYPE.rawValue]?.bigEndian(UInt32.self) == UInt32(NFT_OBJECT_COUNTER),
                let name = attributes[NFTA_OBJ_NAME.rawValue]?.text
            else {
                hasOthers = true
                return
            }
            observed.counters[Name(name)] = ObservedTable.Counter(attributes[NFTA_OBJ_DATA.rawValue])
        }
        return !hasOthers
    }

    private func hasNoFlowtables() throws -> Bool {
        var isFree = true
        try dump(question(NFT_MSG_GETFLOWTABLE, NFTA_FLOWTABLE_TABLE), NFTA_FLOWTABLE_TABLE) { _ in isFree = false }
        return isFree
    }
}

extension ObservedTable.Counter {
    /// A counter object's data.
    init(_ data: NetlinkView?) {
        let values = data?.attributes
        self.init(
            packets: values?[NFTA_COUNTER_PACKETS.rawValue]?.bigEndian() ?? 0,
            bytes: values?[NFTA_COUNTER_BYTES.rawValue]?.bigEndian() ?? 0)
    }
}

extension Chain.Base {
    /// Nil for a chain without a hook, or with one that this language does not have.
    fileprivate init?(_ attributes: NetlinkView.Attributes, _ family: Table.Family) {
        guard let place = attributes[NFTA_CHAIN_HOOK.rawValue]?.attributes,
            let number = place[NFTA_HOOK_HOOKNUM.rawValue]?.bigEndian(UInt32.self),
            let hook = Self.hook(number, family),
            let priority = place[NFTA_HOOK_PRIORITY.rawValue]?.bigEndian(Int32.self),
            let kind = attributes[NFTA_CHAIN_TYPE.rawValue].flatMap({ Kind(rawValue: $0.text) })
        else { return nil }
        // NF_DROP is 0, NF_ACCEPT 1.
        let policy = attributes[NFTA_CHAIN_POLICY.rawValue]?.bigEndian(UInt32.self)
        self.init(
            kind, hook, priority: Int(priority), policy: policy == 0 ? .drop : .accept,
            device: place[NFTA_HOOK_DEV.rawValue].flatMap { InterfacePattern($0.text) })
    }

    private static func hook(_ number: UInt32, _ family: Table.Family) -> Hook? {
        let hooks: [Hook] =
            switch family {
            case .arp: [.input, .output]
            case .netdev: [.ingress, .egress]
            case .inet, .ip, .ip6, .bridge: [.prerouting, .input, .forward, .output, .postrouting, .ingress]
            }
        return hooks.indices.contains(Int(number)) ? hooks[Int(number)] : nil
    }
}
