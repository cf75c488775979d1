import ClusterAPI
import NetworkTypes
import PolicyEngine

/// The work of a matrix: classes, and one question for everything that rules can tell apart.
///
/// What egress rules say depends on the source's policy and on the destination as a peer, what ingress rules say on the
/// destination's policy and the source as a peer. Each such half is asked once, of any pair that has it.
struct MatrixBuilder {
    let classes: [EndpointClass]
    private(set) var table: [Connectivity] = []
    private(set) var questionCount = 0

    private let engine: PolicyEngine
    private let keys: [ClassKeys]
    private var segments: [SegmentKey: PortSegments] = [:]
    private let lanes: LaneTable
    private var halves: HalfTable
    private var halfTable: [[HalfPart]] = []
    private var halfIDs: [[HalfPart]: Int] = [:]
    private var cellIDs: [CellKey: Int32] = [:]

    init(_ parties: ClusterParties) {
        engine = parties.engine
        classes = Self.classes(parties)
        var peers = Numbering<PartyProfile.Peer>()
        var shapes = LaneTable()
        var policies = Numbering<DirectionSide>()
        keys = classes.map { one in
            let standing = one.profile.peer.standing
            return ClassKeys(
                peer: peers.number(one.profile.peer), shape: shapes.shape(of: one.profile.peer),
                egress: policies.number(DirectionSide(standing: standing, policy: one.profile.policy.egress)),
                ingress: policies.number(DirectionSide(standing: standing, policy: one.profile.policy.ingress)))
        }
        shapes.fill()
        lanes = shapes
        halves = HalfTable(sides: policies.count, peers: peers.count)
    }

    private static func classes(_ parties: ClusterParties) -> [EndpointClass] {
        let profiles = parties.engine.profiles(of: parties.members.map(\.party))
        var places: [ClassIdentity: Int] = [:]
        var groups: [(kind: EndpointClass.Kind, profile: PartyProfile, members: [Member])] = []
        for (member, profile) in zip(parties.members, profiles) {
            let kind: EndpointClass.Kind =
                switch profile.peer.standing {
                case .pod: .pods
                case .node: .nodes
                case .external: .outside
                case .unreachable: .unreachable
                }
            let identity = ClassIdentity(profile: profile, blocks: member.blocks, name: member.name)
            if let place = places[identity] {
                groups[place].members.append(member)
            } else {
                places[identity] = groups.count
                groups.append((kind, profile, [member]))
            }
        }
        return groups.map { EndpointClass(kind: $0.kind, profile: $0.profile, members: $0.members) }
    }

    /// Every cell, row by row.
    mutating func cells() -> [Int32] {
        var cells: [Int32] = []
        cells.reserveCapacity(classes.count * classes.count)
        for from in classes.indices {
            for to in classes.indices { cells.append(cell(from, to)) }
        }
        return cells
    }

    private mutating func cell(_ from: Int, _ to: Int) -> Int32 {
        let kinds = (classes[from].kind, classes[to].kind)
        if kinds.0 == .outside, kinds.1 == .outside { return -1 }
        let mayBePromised = kinds.0 == .nodes || kinds.1 == .nodes
        if mayBePromised {
            guard engine.decidedPair(classes[from], classes[to]) != nil else { return -1 }
        } else if from == to, classes[from].members.count == 1 {
            return -1
        }
        let used = lanes.between(keys[from].shape, keys[to].shape)
        let found = used.map { lane in
            LaneKey(
                family: lane.family, egress: half(.egress, from, to, lane), ingress: half(.ingress, from, to, lane))
        }
        let key = CellKey(found)
        if let known = cellIDs[key] { return known }
        let number = Int32(table.count)
        table.append(connectivity(found))
        cellIDs[key] = number
        return number
    }

    private mutating func half(_ direction: Direction, _ from: Int, _ to: Int, _ lane: Lane) -> Int {
        let place =
            direction == .egress
            ? halves.place(side: keys[from].egress, peer: keys[to].peer, address: lane.to)
            : halves.place(side: keys[to].ingress, peer: keys[from].peer, address: lane.from)
        if let known = halves[direction, place] { return known }
        let parts = ask(direction, classes[from], classes[to], lane.family)
        let number = halfIDs[parts] ?? halfTable.count
        if number == halfTable.count {
            halfIDs[parts] = number
            halfTable.append(parts)
        }
        halves[direction, place] = number
        return number
    }

    private mutating func ask(
        _ direction: Direction, _ from: EndpointClass, _ to: EndpointClass, _ family: IPAddress.Family?
    ) -> [HalfPart] {
        guard let pair = engine.decidedPair(from, to) else { return [] }
        let cut =
            direction == .egress
            ? SegmentKey(policy: from.profile.policy.egress, named: to.profile.peer.namedPortMatches)
            : SegmentKey(policy: to.profile.policy.ingress, named: [])
        var parts: [HalfPart] = []
        let (source, destination) = engine.parties(pair, family)
        for segment in segments(cut).segments {
            let flow = Flow(from: source, to: destination, transport: segment.transport, port: segment.port)
            let verdict = engine.verdict(for: flow)
            questionCount += 1
            let reason = Reason(direction == .egress ? verdict.egress : verdict.ingress)
            if let place = parts.firstIndex(where: { $0.reason == reason }) {
                parts[place].ports = parts[place].ports.union(segment.ports)
            } else {
                parts.append(HalfPart(ports: segment.ports, reason: reason))
            }
        }
        return parts
    }

    private mutating func segments(_ key: SegmentKey) -> PortSegments {
        if let known = segments[key] { return known }
        let made = PortSegments(key.policy, named: key.named)
        segments[key] = made
        return made
    }

    private func connectivity(_ lanes: [LaneKey]) -> Connectivity {
        var joined: [(parts: [Connectivity.Part], families: [IPAddress.Family])] = []
        for lane in lanes {
            let parts = parts(lane)
            let families = lane.family.map { [$0] } ?? []
            if let place = joined.firstIndex(where: { $0.parts == parts }) {
                joined[place].families += families
            } else {
                joined.append((parts, families))
            }
        }
        return Connectivity(lanes: joined.map { Connectivity.Lane(families: $0.families, parts: $0.parts) })
    }

    private func parts(_ lane: LaneKey) -> [Connectivity.Part] {
        halfTable[lane.egress].flatMap { egress in
            halfTable[lane.ingress].compactMap { ingress in
                let ports = egress.ports.intersection(ingress.ports)
                guard !ports.isEmpty else { return nil }
                return Connectivity.Part(
                    ports: ports, allowed: egress.reason.allowed && ingress.reason.allowed, egress: egress.reason,
                    ingress: ingress.reason)
            }
        }
    }
}
