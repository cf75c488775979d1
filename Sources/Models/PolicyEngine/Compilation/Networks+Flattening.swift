import NetworkTypes

extension [AddressBlock] {
    /// The addresses of all blocks as disjoint networks, ascending.
    var flattened: [CIDR] {
        let pieces = flatMap { $0.network.subtracting($0.holes) }
        // The widest first, so that what is covered already is met as a container.
        var result: [CIDR] = []
        for piece in pieces.sorted() {
            // Networks nest or are disjoint, and a container sorts before what it contains.
            if let last = result.last, last.contains(piece) { continue }
            result.append(piece)
        }
        return result
    }
}

extension [CIDR] {
    /// Whether a sorted, disjoint list covers an address, by binary search.
    func covers(_ address: IPAddress) -> Bool {
        var low = startIndex
        var high = endIndex
        while low < high {
            let middle = (low + high) / 2
            if self[middle].address <= address { low = middle + 1 } else { high = middle }
        }
        return low > startIndex && self[low - 1].contains(address)
    }
}
