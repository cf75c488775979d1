/// Finds how many packets the kernel's counters have seen and nobody reported.
///
/// Reports come a moment after the counters have counted, so they are held against the reading before the last.
package struct LossMeter: Sendable {
    /// The kernel's counters at the last reading; kept in the store, so that the next agent knows what it missed.
    package private(set) var counters: [String: UInt64]
    package private(set) var unattended: UInt64 = 0
    /// Packets counted since the start, at the last two readings.
    private var counted: (settled: UInt64, last: UInt64) = (0, 0)
    private var reported: UInt64 = 0
    private var sampledSoFar: UInt64 = 0
    private var hasBegun = false
    private let isFirst: Bool

    /// - Parameter counters: as an earlier agent read them last; nil if there was none.
    package init(after counters: [String: UInt64]?) {
        self.counters = counters ?? [:]
        isFirst = counters == nil
    }

    /// Reports that came, or were lost on the way.
    package mutating func report(_ count: UInt64) { reported += count }

    /// A reading; counters begin again when their table is made anew.
    package mutating func read(_ now: [String: UInt64]) {
        var grown: UInt64 = 0
        for (name, value) in now {
            let before = counters[name] ?? 0
            grown += value >= before ? value - before : value
        }
        counters = now
        if hasBegun {
            counted = (counted.last, counted.last + grown)
        } else {
            hasBegun = true
            if !isFirst { unattended = grown }
            reported = 0
        }
        if counted.settled > reported { sampledSoFar = max(sampledSoFar, counted.settled - reported) }
    }

    package var sampled: UInt64 { sampledSoFar }
}
