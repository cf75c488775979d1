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
    private var halves: [HalfKey: Int] = [:]
    private var halfTable: [[HalfPart]] = []
    private var halfIDs: [[HalfPart]: Int] = [:]
    private var cellIDs: [[LaneKey]: Int32] = [:]
    private var laneParts: [LaneKey: [Connectivity.Part]] = [:]

    init(_ parties: ClusterParties) {
        engine = parties.engine
        classes = Self.classes(parties)
        var peers = Numbering<PartyProfile.Peer>()
        var policies = Numbering<DirectionSide>()
        keys = classes.map { one in
            let standing = one.profile.peer.standing
            return ClassKeys(
                peer: peers.number(one.profile.peer),
                egress: policies.number(DirectionSide(standing: standing, policy: one.profile.policy.egress)),
                ingress: policies.number(DirectionSide(standing: standing, policy: one.profile.policy.ingress)))
        }
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
            let identity = ClassIdentity(profile: profile, blocks: member.blocks)
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
        let (source, destination) = (classes[from], classes[to])
        if source.kind == .outside, destination.kind == .outside { return -1 }
        guard let pair = engine.decidedPair(source, destination) else { return -1 }
        let lanes = Lanes.between(source.profile.peer, destination.profile.peer).map { lane in
            LaneKey(
                family: lane.family,
                egress: half(
                    HalfKey(.egress, keys[from].egress, keys[to].peer, lane.to), pair, lane.family,
                    SegmentKey(
                        policy: source.profile.policy.egress, named: destination.profile.peer.namedPortMatches)),
                ingress: half(
                    HalfKey(.ingress, keys[to].ingress, keys[from].peer, lane.from), pair, lane.family,
                    SegmentKey(policy: destination.profile.policy.ingress, named: [])))
        }
        if let known = cellIDs[lanes] { return known }
        let number = Int32(table.count)
        table.append(connectivity(lanes))
        cellIDs[lanes] = number
        return number
    }

    private mutating func half(
        _ key: HalfKey, _ pair: (from: Member, to: Member), _ family: IPAddress.Family?,
        _ cut: @autoclosure () -> SegmentKey
    ) -> Int {
        if let known = halves[key] { return known }
        var parts: [HalfPart] = []
        let (source, destination) = engine.parties(pair, family)
        for segment in segments(cut()).segments {
            let flow = Flow(from: source, to: destination, transport: segment.transport, port: segment.port)
            let verdict = engine.verdict(for: flow)
            questionCount += 1
            let reason = Reason(key.direction == .egress ? verdict.egress : verdict.ingress)
            if let place = parts.firstIndex(where: { $0.reason == reason }) {
                parts[place].ports = parts[place].ports.union(segment.ports)
            } else {
                parts.append(HalfPart(ports: segment.ports, reason: reason))
            }
        }
        let number = halfIDs[parts] ?? halfTable.count
        if number == halfTable.count {
            halfIDs[parts] = number
            halfTable.append(parts)
        }
        halves[key] = number
        return number
    }

    private mutating func segments(_ key: SegmentKey) -> PortSegments {
        if let known = segments[key] { return known }
        let made = PortSegments(key.policy, named: key.named)
        segments[key] = made
        return made
    }

    private mutating func connectivity(_ lanes: [LaneKey]) -> Connectivity {
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
