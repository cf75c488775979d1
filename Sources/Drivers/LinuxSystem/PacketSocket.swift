import CLinux
import Glibc

/// Whole Ethernet frames out of one interface, below the firewall of IP and ARP.
package final class PacketSocket: Sendable {
    private let descriptor: OwnedDescriptor
    private let index: UInt32

    /// For sending only: it receives nothing.
    package init(interfaceIndex: UInt32) throws(SystemError) {
        let flags = SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
        let raw = try systemCall("make", "a packet socket") { socket(AF_PACKET, Int32(flags), 0) }
        descriptor = OwnedDescriptor(adopting: raw)
        index = interfaceIndex
    }

    /// Sends a frame, Ethernet header included; false when the buffer is full now.
    @discardableResult
    package func send(_ frame: [UInt8]) throws(SystemError) -> Bool {
        var place = sockaddr_ll()
        place.sll_family = sa_family_t(AF_PACKET)
        place.sll_ifindex = Int32(bitPattern: index)
        place.sll_halen = 6
        let descriptor = descriptor.rawValue
        let sent = try systemCallOrWait("send on", "interface \(index)") {
            withUnsafePointer(to: &place) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                    sendto(descriptor, frame, frame.count, 0, address, socklen_t(MemoryLayout<sockaddr_ll>.size))
                }
            }
        }
        return sent != nil
    }
}
