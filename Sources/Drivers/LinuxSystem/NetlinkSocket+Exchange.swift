import CLinux
import Glibc

/// One message from the kernel.
package struct NetlinkReply: Sendable {
    package let type: UInt16
    package let flags: UInt16
    package let sequence: UInt32
    /// In a notification the port of the socket that caused it; 0 for the kernel itself.
    package let sender: UInt32
    package let payload: NetlinkView
}

extension NetlinkSocket {
    /// One request that changes something: returns when the kernel has done it, or throws its `NetlinkError`.
    package mutating func transact(_ message: NetlinkMessage) throws {
        if let error = try transact([message]).first ?? nil { throw error }
    }

    /// Requests that change something, each on its own: many in one system call.
    ///
    /// Every one is tried. The result has for each request nil or the kernel's refusal.
    package mutating func transact(_ messages: [NetlinkMessage]) throws -> [NetlinkError?] {
        var results: [NetlinkError?] = []
        results.reserveCapacity(messages.count)
        var start = 0
        while start < messages.count {
            var end = start
            var size = 0
            // Small enough that the acknowledgements fit into the receive buffer.
            while end < messages.count, end - start < 512, end == start || size + messages[end].wireLength < 48 << 10 {
                size += messages[end].wireLength
                end += 1
            }
            results += try exchange(
                messages[start..<end].map { message in
                    var message = message
                    message.flags |= UInt16(NLM_F_REQUEST) | UInt16(NLM_F_ACK)
                    return message
                }
            ).errors
            start = end
        }
        return results
    }

    /// Sends all messages in one system call, as an nftables batch must be, and waits for the answer of each that
    /// carries NLM_F_ACK.
    ///
    /// Errors of others are taken too when they come before those answers. Replies that are neither acknowledgement nor
    /// error are returned in order.
    package mutating func exchange(_ messages: [NetlinkMessage]) throws -> (
        errors: [NetlinkError?], replies: [NetlinkReply]
    ) {
        var buffer: [UInt8] = []
        buffer.reserveCapacity(messages.reduce(0) { $0 + $1.wireLength })
        var index: [UInt32: Int] = [:]
        var awaited: Set<Int> = []
        for (position, message) in messages.enumerated() {
            let sequence = nextSequence()
            index[sequence] = position
            if message.wantsAcknowledgement { awaited.insert(position) }
            message.append(to: &buffer, sequence: sequence)
        }
        try sendBytes(buffer)
        var errors = [NetlinkError?](repeating: nil, count: messages.count)
        var replies: [NetlinkReply] = []
        while true {
            // Once all answers are there, only what has come already is of interest.
            guard let bytes = try receiveBytes(timeout: awaited.isEmpty ? .zero : deadline) else {
                if awaited.isEmpty { return (errors, replies) }
                throw SystemError("get an answer on", "netlink", .timedOut)
            }
            for reply in NetlinkSocket.split(bytes) {
                guard let position = index[reply.sequence] else { continue }
                if reply.type == UInt16(NLMSG_ERROR) {
                    errors[position] = NetlinkSocket.error(of: reply)
                    // A refusal of a message that wants no answer means the whole batch is refused: no more will come
                    // for those after it in some families, so do not wait for them.
                    if awaited.remove(position) == nil, errors[position] != nil { awaited = [] }
                } else {
                    replies.append(reply)
                }
            }
        }
    }

    /// One request with one answer.
    package mutating func query(_ message: NetlinkMessage) throws -> NetlinkReply? {
        var message = message
        message.flags |= UInt16(NLM_F_REQUEST) | UInt16(NLM_F_ACK)
        let (errors, replies) = try exchange([message])
        if let error = errors.first ?? nil { throw error }
        return replies.first
    }

    /// A request answered by many messages.
    ///
    /// A dump that the kernel says was disturbed (NLM_F_DUMP_INTR) is repeated, at most five times.
    package mutating func dump(_ message: NetlinkMessage) throws -> [NetlinkReply] {
        for _ in 0..<5 {
            if let replies = try dumpOnce(message) { return replies }
        }
        throw NetlinkError(number: .busy, text: "the table changed during each of five dumps")
    }

    private mutating func dumpOnce(_ message: NetlinkMessage) throws -> [NetlinkReply]? {
        var replies: [NetlinkReply] = []
        return try dump(message) { replies.append($0) } ? replies : nil
    }

    /// Like `dump`, once, each message as it comes; false when the kernel says that the table changed meanwhile.
    ///
    /// - Parameter rest: how many times as long as it worked the thread sleeps after each portion: a large table then
    ///   takes long and no core for itself.
    package mutating func dump(
        _ message: NetlinkMessage, rest: Int = 0, _ receive: (NetlinkReply) -> Void
    ) throws -> Bool {
        var message = message
        message.flags |= UInt16(NLM_F_REQUEST) | UInt16(NLM_F_DUMP)
        let sequence = nextSequence()
        var buffer: [UInt8] = []
        message.append(to: &buffer, sequence: sequence)
        try sendBytes(buffer)
        var disturbed = false
        while true {
            let start = ContinuousClock.now
            guard let bytes = try receiveBytes(timeout: deadline) else {
                throw SystemError("get a dump on", "netlink", .timedOut)
            }
            for reply in NetlinkSocket.split(bytes) where reply.sequence == sequence {
                if reply.flags & UInt16(NLM_F_DUMP_INTR) != 0 { disturbed = true }
                if reply.type == UInt16(NLMSG_ERROR) || reply.type == UInt16(NLMSG_DONE) {
                    if let error = NetlinkSocket.error(of: reply) { throw error }
                    return !disturbed
                }
                receive(reply)
            }
            if rest > 0 {
                let pause = (ContinuousClock.now - start) * rest
                usleep(UInt32(clamping: Int64(pause / .microseconds(1))))
            }
        }
    }

    /// The messages of a datagram; ends at the first that does not fit.
    static func split(_ bytes: [UInt8]) -> [NetlinkReply] {
        var replies: [NetlinkReply] = []
        var rest = NetlinkView(bytes)
        while let header = rest.structure(nlmsghdr.self) {
            let length = Int(header.nlmsg_len)
            guard length >= MemoryLayout<nlmsghdr>.size, length <= rest.count else { break }
            replies.append(
                NetlinkReply(
                    type: header.nlmsg_type, flags: header.nlmsg_flags, sequence: header.nlmsg_seq,
                    sender: header.nlmsg_pid,
                    payload: rest.prefix(length).dropFirst(MemoryLayout<nlmsghdr>.size)))
            rest = rest.dropFirst(length)
        }
        return replies
    }

    /// The refusal in an NLMSG_ERROR or NLMSG_DONE; nil when it is an acknowledgement.
    private static func error(of reply: NetlinkReply) -> NetlinkError? {
        guard let code = reply.payload.number(Int32.self), code < 0 else { return nil }
        guard reply.flags & UInt16(NLM_F_ACK_TLVS) != 0 else {
            return NetlinkError(number: ErrorNumber(rawValue: -code))
        }
        var skip = MemoryLayout<Int32>.size
        if reply.type == UInt16(NLMSG_ERROR), let request = reply.payload.structure(nlmsghdr.self, at: skip) {
            let capped = reply.flags & UInt16(NLM_F_CAPPED) != 0
            skip += capped ? MemoryLayout<nlmsghdr>.size : Int(request.nlmsg_len)
        }
        let attributes = reply.payload.dropFirst(skip).attributes
        return NetlinkError(
            number: ErrorNumber(rawValue: -code),
            text: attributes[NLMSGERR_ATTR_MSG.rawValue]?.text ?? "",
            offset: attributes[NLMSGERR_ATTR_OFFS.rawValue]?.number(UInt32.self))
    }
}
