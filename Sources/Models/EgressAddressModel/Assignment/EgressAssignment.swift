package import ClusterAPI
package import NetworkTypes

/// Which node is to hold which egress address.
///
/// Pure and determined by what it is given. An address stays where it is while it may; one that must be placed comes to the
/// node with the fewest, those with the fewest nodes to go to first; no node gets two addresses of one namespace or of one
/// EgressIP. A node with less than half of what is fair is given some of the others'.
package struct EgressAssignment: Hashable, Sendable {
    package private(set) var holders: [IPAddress: String] = [:]
    package private(set) var askers: [IPAddress: EgressAsker] = [:]
    package private(set) var problems: [EgressProblem]
    /// What HostSubnets with ranges are to list.
    package private(set) var listed: [String: [IPAddress]] = [:]

    private let wished: [IPAddress: Set<String>]

    private struct Placing {
        var loads: [String: Int] = [:]
        /// The nodes of each asker's addresses.
        var used: [EgressAsker: [String: IPAddress]] = [:]

        func isFree(_ node: String, for demand: EgressDemand) -> Bool { used[demand.asker]?[node] == nil }

        mutating func place(_ demand: EgressDemand, _ node: String) {
            loads[node, default: 0] += 1
            used[demand.asker, default: [:]][node] = demand.address
        }

        mutating func take(_ demand: EgressDemand, from node: String) {
            loads[node, default: 0] -= 1
            used[demand.asker]?[node] = nil
        }
    }

    package init(_ situation: EgressSituation) {
        let read = EgressDemands(situation)
        problems = read.problems
        askers = Dictionary(read.demands.map { ($0.address, $0.asker) }) { first, _ in first }
        wished = Dictionary(read.demands.map { ($0.address, Set($0.wished)) }) { first, _ in first }
        var placing = Placing()
        let open = keep(read.demands.filter { !$0.candidates.isEmpty }, Self.owners(situation.egressNodes), &placing)
        place(open, &placing)
        balance(read.demands.filter { !$0.isManual }, &placing)
        list(read.demands, situation)
        problems.sort()
    }

    /// Who has each address now; of several, one that has it in its kernel.
    private static func owners(_ objects: [EgressNode]) -> [IPAddress: String] {
        var owners: [IPAddress: String] = [:]
        for object in objects.sorted(by: { $0.key < $1.key }) {
            for address in object.owned where owners[address] == nil || object.heldAddresses.contains(address) {
                owners[address] = object.key.name
            }
        }
        return owners
    }

    private mutating func keep(
        _ demands: [EgressDemand], _ owners: [IPAddress: String], _ placing: inout Placing
    ) -> [EgressDemand] {
        demands.filter { demand in
            guard let owner = owners[demand.address], demand.candidates.contains(owner),
                placing.isFree(owner, for: demand)
            else { return true }
            placing.place(demand, owner)
            holders[demand.address] = owner
            return false
        }
    }

    private mutating func place(_ demands: [EgressDemand], _ placing: inout Placing) {
        let order = demands.sorted { ($0.candidates.count, $0.address) < ($1.candidates.count, $1.address) }
        for demand in order {
            let free = demand.candidates.filter { placing.isFree($0, for: demand) }
            if let best = free.min(by: { (placing.loads[$0] ?? 0, $0) < (placing.loads[$1] ?? 0, $1) }) {
                placing.place(demand, best)
                holders[demand.address] = best
            } else if let (node, moved) = makeRoom(for: demand, among: demands, &placing) {
                placing.place(demand, node)
                holders[demand.address] = node
                holders[moved.address].map { placing.place(moved, $0) }
            } else {
                refuse(demand, placing)
            }
        }
    }

    /// A node that comes free when another address of the same asker goes to one where it may be.
    private mutating func makeRoom(
        for demand: EgressDemand, among demands: [EgressDemand], _ placing: inout Placing
    ) -> (String, EgressDemand)? {
        for node in demand.candidates {
            guard let other = placing.used[demand.asker]?[node],
                let moved = demands.first(where: { $0.address == other })
            else { continue }
            let free = moved.candidates.filter { placing.isFree($0, for: moved) }
            guard let best = free.min(by: { (placing.loads[$0] ?? 0, $0) < (placing.loads[$1] ?? 0, $1) }) else {
                continue
            }
            placing.take(moved, from: node)
            holders[other] = best
            return (node, moved)
        }
        return nil
    }

    private mutating func refuse(_ demand: EgressDemand, _ placing: Placing) {
        let nodes = demand.candidates.map { node in
            let other = placing.used[demand.asker]?[node].map { ", which has \($0)" } ?? ""
            return node + other
        }
        problems.append(
            EgressProblem(
                asker: demand.asker, address: "\(demand.address)",
                message: "a node holds one address of the \(demand.asker), and it may be only at "
                    + nodes.joined(separator: " or ")))
    }

    /// One at a time from the fullest to a node with less than half of its fair share.
    private mutating func balance(_ demands: [EgressDemand], _ placing: inout Placing) {
        let pool = Set(demands.flatMap(\.candidates)).sorted()
        for _ in 0..<holders.count {
            let fair = Double(demands.filter { holders[$0.address] != nil }.count) / Double(max(pool.count, 1))
            let poor = pool.filter { Double(placing.loads[$0] ?? 0) < fair / 2 }
                .sorted { (placing.loads[$0] ?? 0, $0) < (placing.loads[$1] ?? 0, $1) }
            guard let (demand, from, to) = Self.move(demands, holders, to: poor, placing) else { return }
            placing.take(demand, from: from)
            placing.place(demand, to)
            holders[demand.address] = to
        }
    }

    private static func move(
        _ demands: [EgressDemand], _ holders: [IPAddress: String], to poor: [String], _ placing: Placing
    ) -> (EgressDemand, String, String)? {
        for node in poor {
            let movable = demands.compactMap { demand -> (EgressDemand, String, Int)? in
                guard demand.candidates.contains(node), placing.isFree(node, for: demand),
                    let from = holders[demand.address]
                else { return nil }
                let load = placing.loads[from] ?? 0
                return load - (placing.loads[node] ?? 0) >= 2 ? (demand, from, load) : nil
            }
            if let best = movable.min(by: { (-$0.2, $0.0.address) < (-$1.2, $1.0.address) }) {
                return (best.0, best.1, node)
            }
        }
        return nil
    }

    /// What HostSubnets with ranges list: the addresses of namespaces that are there.
    private mutating func list(_ demands: [EgressDemand], _ situation: EgressSituation) {
        for subnet in situation.hostSubnets where !(subnet.egressCIDRs ?? []).isEmpty {
            listed[subnet.host] = demands.filter { demand in
                guard case .namespace = demand.asker else { return false }
                return holders[demand.address] == subnet.host
            }.map(\.address).sorted()
        }
    }

    /// Where each address is to be; one that nobody can take now stays where it is, if it was meant to be there.
    package func wanted(_ objects: [EgressNode]) -> [IPAddress: String] {
        var wanted = holders
        for (address, owner) in Self.owners(objects)
        where wanted[address] == nil && wished[address]?.contains(owner) == true {
            wanted[address] = owner
        }
        return wanted
    }
}
