package import NetworkTypes

/// One line of an answer to "who reaches whom": all of these reach all of those on these ports.
package struct Reach: Hashable, Sendable {
    /// Indexes of classes.
    package let classes: Rectangle
    /// Empty for all families that the two ends share.
    package let families: [IPAddress.Family]
    package let ports: PortSet
}

extension ConnectivityMatrix {
    /// Everything that passes between these classes, in few lines.
    ///
    /// - Parameter ports: Only these ports are of interest.
    package func reach(
        among chosen: [Int]? = nil, touching focus: Set<Int>? = nil, ports: PortSet = .all
    ) -> [Reach] {
        var pairs: [ReachKey: [(from: Int, to: Int)]] = [:]
        var cells: [Int: [(from: Int, to: Int)]] = [:]
        let indices = chosen ?? Array(classes.indices)
        for from in indices {
            let isFocus = focus?.contains(from) ?? true
            for to in indices where isFocus || focus?.contains(to) ?? true {
                let cell = cellID(from, to)
                if cell >= 0 { cells[cell, default: []].append((from, to)) }
            }
        }
        for (cell, own) in cells {
            let lanes = connectivity(cell).lanes
            for lane in lanes {
                let allowed = lane.allowed.intersection(ports)
                if allowed.isEmpty { continue }
                let key = ReachKey(families: lanes.count == 1 ? [] : lane.families, ports: allowed)
                pairs[key, default: []] += own
            }
        }
        let lines = pairs.flatMap { key, pairs in
            Rectangle.covering(pairs).map { Reach(classes: $0, families: key.families, ports: key.ports) }
        }
        return lines.sorted { $0.order.lexicographicallyPrecedes($1.order) }
    }
}

private struct ReachKey: Hashable {
    let families: [IPAddress.Family]
    let ports: PortSet
}

extension Reach {
    fileprivate var order: [String] {
        let numbers = (classes.from.prefix(1) + classes.to.prefix(1)).map { number in
            String(repeating: "0", count: max(0, 9 - String(number).count)) + String(number)
        }
        return numbers + [ports.description] + families.map { "\($0.rawValue)" }
    }
}
