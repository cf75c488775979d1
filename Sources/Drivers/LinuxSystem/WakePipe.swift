import CLinux

/// Wakes a thread that waits for descriptors.
package final class WakePipe: Sendable {
    private let receiving: OwnedDescriptor
    private let sending: OwnedDescriptor

    package init() throws(SystemError) {
        var ends: [Int32] = [0, 0]
        try systemCall("make", "a pipe") { clinux_pipe(&ends) }
        receiving = OwnedDescriptor(adopting: ends[0])
        sending = OwnedDescriptor(adopting: ends[1])
    }

    /// Readable after `wake`, until `drain`.
    package var descriptor: Int32 { receiving.rawValue }

    /// A full pipe wakes as well.
    package func wake() { try? sending.write([1]) }

    package func drain() throws(SystemError) {
        while let bytes = try receiving.read(upTo: 512), !bytes.isEmpty {}
    }
}
