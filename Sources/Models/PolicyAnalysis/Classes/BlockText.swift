import NetworkTypes

/// Blocks as people write them: one network and its exceptions, where that is shorter than the pieces.
enum BlockText {
    /// - Parameter blocks: Disjoint, of one family, ascending.
    static func parts(_ blocks: [CIDR]) -> [String] {
        guard let first = blocks.first, let last = blocks.last, blocks.count > 2 else {
            return blocks.map(\.description)
        }
        var hull = first
        while !hull.contains(last), let wider = CIDR(hull.address, prefixLength: hull.prefixLength - 1) { hull = wider }
        let holes = hull.subtracting(blocks)
        if holes.isEmpty { return [hull.description] }
        if holes.count + 1 >= blocks.count { return blocks.map(\.description) }
        let shown = holes.prefix(3).map(\.description).joined(separator: ", ")
        return ["\(hull) except \(shown)" + (holes.count > 3 ? " and \(holes.count - 3) more" : "")]
    }
}
