package import NetworkTypes

/// Gives each node a subnet out of the ranges of the pod network, in the order of the ranges.
///
/// Within a range a pointer walks forward, so that a subnet that was freed is given again only after all others.
package struct SubnetAllocator: Hashable, Sendable {
    private struct Progress: Hashable {
        let range: SubnetRange
        var used: Set<UInt128> = []
        var next: UInt128 = 0
    }

    /// How many subnets in a row are tried at most: only foreign subnets of gigantic size make it matter.
    private static let patience: UInt128 = 1 << 20

    private var progress: [Progress]
    /// Used subnets that are not subnets of a range in its present size, with how often each was marked.
    private var foreign: [CIDR: Int] = [:]

    /// `used` are the subnets that exist; the pointers start behind the last of them.
    package init(ranges: [SubnetRange], used: some Sequence<CIDR> = []) {
        progress = ranges.map { Progress(range: $0) }
        for subnet in used { markUsed(subnet) }
        for index in progress.indices {
            progress[index].next = progress[index].used.max().map { $0 + 1 } ?? 0
        }
    }

    package var ranges: [SubnetRange] { progress.map(\.range) }
    /// True if any address of the subnet is in use by a node.
    package func isUsed(_ subnet: CIDR) -> Bool {
        foreign.keys.contains { $0.overlaps(subnet) }
            || progress.contains { range in
                if let number = range.range.number(of: subnet) { return range.used.contains(number) }
                return range.range.cidr.overlaps(subnet)
                    && range.used.contains { range.range.subnet(number: $0)?.overlaps(subnet) ?? false }
            }
    }

    /// Starts again from the subnets that exist now, without moving the pointers.
    package mutating func replaceUsed(_ used: some Sequence<CIDR>) {
        foreign = [:]
        for index in progress.indices { progress[index].used = [] }
        for subnet in used { markUsed(subnet) }
    }

    /// Takes a subnet out of circulation, whatever its size; one outside all ranges may be marked too.
    package mutating func markUsed(_ subnet: CIDR) {
        for index in progress.indices {
            if let number = progress[index].range.number(of: subnet) {
                progress[index].used.insert(number)
                return
            }
        }
        foreign[subnet, default: 0] += 1
    }

    /// Puts a subnet back.
    ///
    /// It is given again after all others of its range.
    package mutating func release(_ subnet: CIDR) {
        for index in progress.indices {
            if let number = progress[index].range.number(of: subnet) {
                progress[index].used.remove(number)
                return
            }
        }
        if let count = foreign[subnet] { foreign[subnet] = count > 1 ? count - 1 : nil }
    }

    /// The next free subnet of the family.
    package mutating func allocate(_ family: IPAddress.Family) throws(AllocationError) -> CIDR {
        let suitable = progress.indices.filter { progress[$0].range.cidr.family == family }
        for index in suitable {
            guard let number = firstFree(in: progress[index]), let subnet = progress[index].range.subnet(number: number)
            else { continue }
            progress[index].used.insert(number)
            progress[index].next = number + 1
            return subnet
        }
        throw .subnetsExhausted(ranges: suitable.map { progress[$0].range }, family: family)
    }

    private func firstFree(in progress: Progress) -> UInt128? {
        let count = progress.range.count
        guard UInt128(progress.used.count) < count else { return nil }
        let obstacles = foreign.keys.filter { $0.overlaps(progress.range.cidr) }
        var tries = min(count, UInt128(progress.used.count) + Self.patience)
        var number = progress.next
        while tries > 0 {
            if number >= count { number = 0 }
            if !progress.used.contains(number), let subnet = progress.range.subnet(number: number),
                !obstacles.contains(where: { $0.overlaps(subnet) })
            {
                return number
            }
            number += 1
            tries -= 1
        }
        return nil
    }
}
