import CLinux
import LinuxSystem
import Synchronization

extension Rtnetlink {
    /// The interfaces that are up and have a carrier, as far as they can tell.
    package func runningLinks() throws -> Set<String> {
        var request = NetlinkMessage(type: RTM_GETLINK, payload: NetlinkWriter(header: ifinfomsg()))
        request.payload.put(IFLA_EXT_MASK, UInt32(RTEXT_FILTER_SKIP_STATS))
        let replies = try socket.withLock { socket in try socket.dump(request) }
        // IFF_UP and IFF_RUNNING, whose header collides with libc's.
        let flags = UInt32(0x41)
        return Set(
            replies.compactMap { reply in
                guard let header = reply.payload.structure(ifinfomsg.self), header.ifi_flags & flags == flags else {
                    return nil
                }
                return reply.payload.attributes(after: ifinfomsg.self)[IFLA_IFNAME]?.text
            })
    }
}
