import NetworkTypes
import PolicyEngine

/// What makes a class: blocks and names outside are classes of their own even if no rule of this engine tells them apart.
struct ClassIdentity: Hashable {
    let profile: PartyProfile
    let blocks: [CIDR]?
    let name: OutsideName?
}

/// The numbers of what decides about a class.
struct ClassKeys {
    let peer: Int
    let shape: Int
    let egress: Int
    let ingress: Int
}

/// Whose rules decide in one direction.
struct DirectionSide: Hashable {
    let standing: PartyProfile.Standing
    let policy: DirectionPolicy?
}

/// What the port space is cut by.
struct SegmentKey: Hashable {
    let policy: DirectionPolicy?
    /// What egress rules may mean by a port's name at the destination.
    let named: Set<PortMatch>
}

/// Ports about which one direction gives one answer.
struct HalfPart: Hashable {
    var ports: PortSet
    let reason: Reason
}

/// Both halves in one address family.
struct LaneKey: Hashable {
    let family: IPAddress.Family?
    let egress: Int
    let ingress: Int
}

/// All that a cell is made of, in two words: there is one for every pair of classes.
struct CellKey: Hashable {
    private let first: UInt64
    private let second: UInt64

    init(_ lanes: [LaneKey]) {
        first = lanes.first.map(Self.word) ?? 0
        second = lanes.count > 1 ? Self.word(lanes[1]) : 0
    }

    /// Never 0.
    private static func word(_ lane: LaneKey) -> UInt64 {
        UInt64(lane.egress) << 34 | UInt64(lane.ingress) << 4 | UInt64(lane.family?.rawValue ?? 1)
    }
}

/// Consecutive numbers for distinct values.
struct Numbering<Value: Hashable> {
    private var numbers: [Value: Int] = [:]

    var count: Int { numbers.count }

    mutating func number(_ value: Value) -> Int {
        if let known = numbers[value] { return known }
        let next = numbers.count
        numbers[value] = next
        return next
    }
}
