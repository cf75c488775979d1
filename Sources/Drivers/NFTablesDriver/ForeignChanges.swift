import CLinux
import LinuxSystem
import NFTables
import Synchronization

/// Tells others' changes of a table from our own.
///
/// The kernel counts its commits (generations) and tells about each: what it touched, then its number. Ours are those
/// that lead from the number before to the next one; when others commit in the very same moment, none of them counts as
/// ours. Process ids would not do: the kernel tells those of its own namespace, and part of our changes goes by nft.
final class ForeignChanges: Sendable {
    private struct State: ~Copyable {
        var socket: NetlinkSocket?
        /// Generations that our commits led to and that have not been told yet.
        var own: Set<UInt32> = []
        /// Generations whose commit touched the table and that are not judged yet.
        var touching: Set<UInt32> = []
        /// Whether the commit that is being told touches the table.
        var isTouched = false
        var isLost = false
        /// Commits of ours under way.
        var underWay = 0
    }

    private let namespace: NamespaceReference
    private let buffer: Int32
    private let state = Mutex(State())

    /// - Parameter buffer: how many bytes of what the kernel tells may wait.
    init(in namespace: NamespaceReference, buffer: Int32) {
        self.namespace = namespace
        self.buffer = buffer
    }

    /// Before a commit of ours; nil while nobody listens.
    func begin(_ channel: KernelChannel) throws -> UInt32? {
        guard state.withLock({ $0.socket != nil }) else { return nil }
        let generation = try channel.generation()
        state.withLock { $0.underWay += 1 }
        return generation
    }

    /// After a commit of ours, whether the kernel took it or not.
    func end(_ start: UInt32?, isCommitted: Bool, _ channel: KernelChannel) {
        guard let start else { return }
        let now = isCommitted ? try? channel.generation() : nil
        // 0 is left out when the number runs over.
        let next = start == .max ? 1 : start + 1
        state.withLock { state in
            state.underWay -= 1
            if now == next { state.own.insert(next) }
        }
    }

    /// Whether somebody else changed a table of this name since the last call, as far as is known.
    ///
    /// True too when some of what the kernel told is lost. The first call begins to listen.
    ///
    /// - Parameter others: sets whose elements are others' to change.
    func haveTouched(_ table: Name, butElementsOf others: (Name) -> Bool) throws -> Bool {
        let (namespace, buffer) = (namespace, buffer)
        return try state.withLock { state in
            guard let messages = try Self.told(&state, namespace, buffer) else {
                state.isLost = true
                state.own = []
                state.touching = []
                state.isTouched = false
                return state.underWay == 0 ? Self.judge(&state) : false
            }
            for message in messages where !Self.isAboutElements(message, of: others) {
                Self.read(message, table.text, &state)
            }
            // Whose commit it is shows when ours are done.
            return state.underWay == 0 ? Self.judge(&state) : false
        }
    }

    private static func told(
        _ state: inout State, _ namespace: NamespaceReference, _ buffer: Int32
    ) throws -> [NetlinkReply]? {
        guard let socket = state.socket.take() else {
            let fresh = try NetlinkSocket(.netfilter, in: namespace, receiveBuffer: buffer)
            try fresh.join([UInt32(NFNLGRP_NFTABLES.rawValue)])
            state.socket = .some(fresh)
            return []
        }
        // A socket that throws is not kept: the next call makes another.
        let messages = try socket.notifications()
        state.socket = .some(socket)
        return messages
    }

    private static func read(_ message: NetlinkReply, _ table: String, _ state: inout State) {
        let attributes = message.payload.attributes(after: nfgenmsg.self)
        guard message.type == UInt16(NFNL_SUBSYS_NFTABLES) << 8 | UInt16(NFT_MSG_NEWGEN.rawValue) else {
            // The table's name is attribute 1 of everything in a table.
            state.isTouched = state.isTouched || attributes[NFTA_TABLE_NAME.rawValue]?.text == table
            return
        }
        guard let generation: UInt32 = attributes[NFTA_GEN_ID.rawValue]?.bigEndian() else { return }
        if state.isTouched { state.touching.insert(generation) } else { state.own.remove(generation) }
        state.isTouched = false
    }

    private static func isAboutElements(_ message: NetlinkReply, of others: (Name) -> Bool) -> Bool {
        let types = [NFT_MSG_NEWSETELEM, NFT_MSG_DELSETELEM].map {
            UInt16(NFNL_SUBSYS_NFTABLES) << 8 | UInt16($0.rawValue)
        }
        guard types.contains(message.type) else { return false }
        let attributes = message.payload.attributes(after: nfgenmsg.self)
        return attributes[NFTA_SET_ELEM_LIST_SET.rawValue].map { others(Name($0.text)) } ?? false
    }

    private static func judge(_ state: inout State) -> Bool {
        let isForeign = state.isLost || !state.touching.isSubset(of: state.own)
        state.own.subtract(state.touching)
        state.touching = []
        state.isLost = false
        return isForeign
    }
}
