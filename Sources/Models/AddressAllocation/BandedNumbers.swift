/// The numbers from 0 to `count` - 1, of which some are chosen by people and the rest are drawn.
///
/// A draw leaves the lowest `band` numbers alone for as long as it can, as in Kubernetes (KEPs 3070, 3668): who chooses a
/// low number rarely meets a drawn one.
package struct BandedNumbers: Hashable, Sendable {
    package let count: UInt64
    package let band: UInt64

    package init(count: UInt64, band: UInt64) {
        self.count = count
        self.band = min(band, count)
    }

    /// A free number; nil when all are taken.
    ///
    /// The search begins at `start`, any number: a random one makes it unlikely that what was just released is given again.
    package func free(from start: UInt64, isTaken: (UInt64) -> Bool) -> UInt64? {
        first(in: band..<count, from: start, isTaken) ?? first(in: 0..<band, from: start, isTaken)
    }

    private func first(in range: Range<UInt64>, from start: UInt64, _ isTaken: (UInt64) -> Bool) -> UInt64? {
        guard !range.isEmpty else { return nil }
        let length = range.upperBound - range.lowerBound
        let middle = range.lowerBound + start % length
        return (middle..<range.upperBound).first { !isTaken($0) }
            ?? (range.lowerBound..<middle).first { !isTaken($0) }
    }
}
