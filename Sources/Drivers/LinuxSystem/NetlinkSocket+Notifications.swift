import CLinux
import Glibc

extension NetlinkSocket {
    /// From now on the kernel tells this socket what happens in these groups; see `notifications`.
    ///
    /// Such a socket is for nothing else: answers and notifications would come mixed.
    package func join(_ groups: some Sequence<UInt32>) throws(SystemError) {
        for group in groups {
            try Self.set(descriptor.rawValue, Self.solNetlink, NETLINK_ADD_MEMBERSHIP, Int32(group))
        }
    }

    /// What the groups have told since the last call, without waiting; nil when some of it is lost, because nobody
    /// asked for too long.
    package func notifications() throws(SystemError) -> [NetlinkReply]? {
        let (messages, isLost) = try pending()
        return isLost ? nil : messages
    }

    /// What has come unasked, without waiting, and whether more had come than the buffer holds.
    ///
    /// - Parameter limit: no more is read once there are this many messages; the rest stays for the next call.
    package func pending(atMost limit: Int = .max) throws(SystemError) -> (messages: [NetlinkReply], isLost: Bool) {
        var messages: [NetlinkReply] = []
        var isLost = false
        while messages.count < limit {
            do throws(SystemError) {
                guard let bytes = try receiveBytes(timeout: .zero) else { break }
                messages += NetlinkSocket.split(bytes)
            } catch {
                guard error.number == .noBufferSpace else { throw error }
                isLost = true
            }
        }
        return (messages, isLost)
    }

    /// The name under which the kernel knows this socket: who caused a notification is told by it.
    package var port: UInt32 {
        get throws(SystemError) {
            var address = sockaddr_nl()
            var length = socklen_t(MemoryLayout<sockaddr_nl>.size)
            try systemCall("get the port of", "netlink") {
                withUnsafeMutablePointer(to: &address) { pointer in
                    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        getsockname(descriptor.rawValue, $0, &length)
                    }
                }
            }
            return address.nl_pid
        }
    }
}
