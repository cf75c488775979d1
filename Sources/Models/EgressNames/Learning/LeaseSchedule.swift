import ClusterAPI
import NetworkTypes

/// When to look at which lease again: each about once in its life, not all of them every second.
struct LeaseSchedule: Sendable {
    struct Key: Sendable {
        let client: ObjectKey
        let name: DomainName
        let address: IPAddress
    }

    // Lists: to hash so many keys would cost more than all else.
    private var bySecond: [UInt64: [Key]] = [:]
    private var earliest = UInt64.max

    mutating func add(_ key: Key, at second: UInt64) {
        bySecond[second, default: []].append(key)
        earliest = min(earliest, second)
    }

    func isDue(at now: UInt64) -> Bool { now >= earliest }

    /// Those to look at by now; they are forgotten here.
    mutating func takeDue(at now: UInt64) -> [(second: UInt64, keys: [Key])] {
        guard now >= earliest else { return [] }
        let due = bySecond.keys.filter { $0 <= now }.map { ($0, bySecond.removeValue(forKey: $0) ?? []) }
        earliest = bySecond.keys.min() ?? .max
        return due
    }
}
