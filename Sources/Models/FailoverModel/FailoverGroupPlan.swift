package import ClusterAPI
package import NetworkTypes

/// What a FailoverGroup means: the place of every node for every address, as every node computes it.
package struct FailoverGroupPlan: Hashable, Sendable {
    /// An address that moves.
    package struct VirtualAddress: Hashable, Sendable {
        package let address: IPAddress
        package let routerID: UInt8
        /// The nodes that may hold it, the one that is to hold it first.
        package let nodes: [String]
    }

    package let group: FailoverGroup
    package let members: [String: FailoverMember]
    package let addresses: [VirtualAddress]
    /// What does not hold as it is written, or cannot be.
    package let problems: [String]

    var spec: FailoverGroupSpec { group.spec ?? FailoverGroupSpec(addresses: []) }

    /// - Parameter taken: what other groups have, which this one must not: addresses, and router ids of a family.
    init(_ group: FailoverGroup, _ nodes: [Node], taken: FailoverClaims) {
        let spec = group.spec ?? FailoverGroupSpec(addresses: [])
        self.group = group
        let selected = nodes.filter { spec.nodeSelector?.matches($0.metadata.labels ?? [:]) ?? true }
        let members = selected.map { FailoverMember($0) }
        self.members = Dictionary(members.map { ($0.name, $0) }) { first, _ in first }
        let ownAddresses = Set(nodes.flatMap(\.internalAddressTexts).compactMap { IPAddress($0) })
        var problems = members.isEmpty ? ["spec.nodeSelector: selects no node"] : []
        var numbered: [(address: IPAddress, routerID: UInt8)] = []
        var next: [IPAddress.Family: Int] = [:]
        var seen: Set<IPAddress> = []
        for (index, text) in (spec.addresses ?? []).enumerated() {
            let (addresses, problem) = FailoverAddresses.parse(text)
            if let problem { problems.append("spec.addresses[\(index)]: \"\(text)\" \(problem)") }
            for address in addresses where seen.insert(address).inserted {
                // Each place in the list has its number, used or not: what is wrong with one changes no other.
                let number = next[address.family] ?? spec.firstRouterID ?? 1
                next[address.family] = number + 1
                if let problem = Self.problem(address, number, ownAddresses, taken) {
                    problems.append("spec.addresses[\(index)]: \(address) \(problem)")
                } else if let routerID = UInt8(exactly: number) {
                    numbered.append((address, routerID))
                }
            }
        }
        addresses = Self.ranked(numbered, members, salt: group.key.name)
        for family in Set(numbered.map(\.address.family)) where !members.isEmpty {
            guard !members.contains(where: { $0.sources[family] != nil }) else { continue }
            problems.append("no node of the group has an InternalIP of IPv\(family.rawValue)")
        }
        self.problems = problems
    }

    private static func problem(
        _ address: IPAddress, _ number: Int, _ own: Set<IPAddress>, _ taken: FailoverClaims
    ) -> String? {
        if !(1...FailoverAddresses.limit).contains(number) {
            return "would have the virtual router id \(number), and 255 is the last: use a lower firstRouterID"
        }
        if own.contains(address) { return "is a node's own address" }
        if let other = taken.addresses[address] { return "is an address of the FailoverGroup \"\(other)\"" }
        if let other = taken.routerIDs[address.family]?[number] {
            return
                "has the virtual router id \(number), as one of the FailoverGroup \"\(other)\": use another firstRouterID"
        }
        return nil
    }

    /// Both families together are spread evenly.
    private static func ranked(
        _ numbered: [(address: IPAddress, routerID: UInt8)], _ members: [FailoverMember], salt: String
    ) -> [VirtualAddress] {
        var loads: [String: Int] = [:]
        var nodes: [IPAddress: [String]] = [:]
        for family in IPAddress.Family.allCases {
            let ranking = FailoverRanking(
                numbered.map(\.address).filter { $0.family == family },
                over: members.filter { $0.sources[family] != nil }.map(\.name), salt: salt, loads: loads)
            nodes.merge(ranking.nodes) { first, _ in first }
            for order in ranking.nodes.values {
                if let first = order.first { loads[first, default: 0] += 1 }
            }
        }
        return numbered.map {
            VirtualAddress(address: $0.address, routerID: $0.routerID, nodes: nodes[$0.address] ?? [])
        }
    }
}

/// What groups have, by the name of the group.
struct FailoverClaims: Hashable, Sendable {
    var addresses: [IPAddress: String] = [:]
    var routerIDs: [IPAddress.Family: [Int: String]] = [:]

    mutating func add(_ plan: FailoverGroupPlan) {
        for entry in plan.addresses {
            addresses[entry.address] = plan.group.key.name
            routerIDs[entry.address.family, default: [:]][Int(entry.routerID)] = plan.group.key.name
        }
    }
}
