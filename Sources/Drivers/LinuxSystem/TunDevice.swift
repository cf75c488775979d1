import CLinux
import Glibc

/// An interface whose other end is this process: what the kernel sends there is read here, and what is written here has come in by
/// it.
///
/// IP packets of both families, whole and with their checksums. The interface is made here and goes with this value.
package struct TunDevice: ~Copyable, Sendable {
    package let name: String
    private let descriptor: OwnedDescriptor

    /// No link of the kernel has a larger packet.
    private static let longestPacket = 65_536

    /// Makes the interface, down.
    ///
    /// - Throws: `SystemError`; busy when another process has it.
    package init(named name: String, in namespace: NamespaceReference = .current) throws {
        self.name = name
        descriptor = OwnedDescriptor(
            adopting: try withNetworkNamespace(namespace) {
                try systemCall("make interface \(name) in", namespace.description) { clinux_open_tun(name) }
            })
    }

    /// Readable when the kernel has sent something.
    package var rawDescriptor: Int32 { descriptor.rawValue }

    /// One packet; nil when there is none now.
    package func receive() throws(SystemError) -> [UInt8]? { try descriptor.read(upTo: Self.longestPacket) }

    /// Hands a packet to the kernel; false when it takes none: no IP packet, or the interface is down.
    package func send(_ packet: [UInt8]) throws(SystemError) -> Bool {
        do throws(SystemError) {
            let sent = try systemCallOrWait("write to", name) {
                Glibc.write(descriptor.rawValue, packet, packet.count)
            }
            return sent == packet.count
        } catch {
            guard [.invalid, .inputOutput].contains(error.number) else { throw error }
            return false
        }
    }
}
