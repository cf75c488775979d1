import NetworkTypes

/// Hands out the addresses of some networks in order, never one twice.
struct AddressCursor {
    private var ranges: ArraySlice<CIDR>
    private var next: IPAddress?

    init(_ ranges: [CIDR]) { self.ranges = ranges[...] }

    /// The next address that is not taken; nil when there is none.
    mutating func draw(isTaken: (IPAddress) -> Bool) -> IPAddress? {
        while let range = ranges.first {
            var candidate = next ?? range.address
            while range.contains(candidate) {
                let following = candidate.advanced(by: 1)
                if !isTaken(candidate) {
                    next = following
                    if following == nil { ranges = ranges.dropFirst() }
                    return candidate
                }
                guard let following else { break }
                candidate = following
            }
            ranges = ranges.dropFirst()
            next = nil
        }
        return nil
    }
}
