import Glibc
import Synchronization

/// Names that no other test, no other process and no other run uses.
package enum UniqueName {
    private static let counter = Atomic<UInt32>(0)

    /// Short (at most 13 characters) and made of lower-case letters, digits and `-`.
    package static func next() -> String {
        let number = counter.add(1, ordering: .relaxed).newValue
        let seconds = UInt32(truncatingIfNeeded: time(nil)) & 0xFFFF
        return "\(String(getpid() & 0xFFFFF, radix: 36))\(String(seconds, radix: 36))-\(String(number, radix: 36))"
    }
}
