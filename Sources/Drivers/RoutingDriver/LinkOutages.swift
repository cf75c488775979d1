import CLinux
import LinkState
import LinuxSystem

/// Links of ours that somebody set down: what lay on them is gone, and nothing tells of each.
///
/// IPv4 routes and neighbours go in silence with a link that goes down, so that they are missing when it is up again.
struct LinkOutages {
    /// Links that are set up again by what looks at them: their going down is worth a look.
    private let restored: Set<String>
    private var down: Set<Int32> = []

    init(restored: Set<String>) { self.restored = restored }

    /// Whether news of a link is a reason to look: it went down and can be set up again, or is up again.
    ///
    /// A link that is new comes up, too, and one that is removed goes down first; neither is an outage.
    mutating func counts(_ message: NetlinkReply, isOwn: Bool) -> Bool {
        guard let header = message.payload.structure(ifinfomsg.self) else { return false }
        guard message.type == UInt16(RTM_NEWLINK) else {
            down.remove(header.ifi_index)
            return false
        }
        let flag = UInt32(1)  // IFF_UP, whose header collides with libc's
        guard header.ifi_change & flag != 0, header.ifi_change != .max,
            let name = message.payload.attributes(after: ifinfomsg.self)[IFLA_IFNAME]?.text,
            name.hasPrefix(LinkState.interfacePrefix)
        else { return false }
        if header.ifi_flags & flag == 0 {
            down.insert(header.ifi_index)
            return !isOwn && restored.contains(name)
        }
        return down.remove(header.ifi_index) != nil && !isOwn
    }
}
