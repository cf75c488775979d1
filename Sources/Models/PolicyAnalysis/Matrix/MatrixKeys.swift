import NetworkTypes
import PolicyEngine

/// What makes a class: blocks outside are classes of their own even if no rule of this engine tells them apart.
struct ClassIdentity: Hashable {
    let profile: PartyProfile
    let blocks: [CIDR]?
}

/// The numbers of what decides about a class.
struct ClassKeys {
    let peer: Int
    let egress: Int
    let ingress: Int
}

/// Whose rules decide in one direction.
struct DirectionSide: Hashable {
    let standing: PartyProfile.Standing
    let policy: DirectionPolicy?
}

/// What one direction's answer depends on: whose rules, about which peer, at which of its addresses.
struct HalfKey: Hashable {
    let direction: Direction
    let side: Int
    let peer: Int
    let address: Int?

    init(_ direction: Direction, _ side: Int, _ peer: Int, _ address: Int?) {
        self.direction = direction
        self.side = side
        self.peer = peer
        self.address = address
    }
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

/// The address families in which packets go from one end to another.
struct Lanes {
    /// Nil where an end has no address: the flow is asked by name.
    let family: IPAddress.Family?
    /// The place of the address that each end uses; nil for none.
    let from: Int?
    let to: Int?

    static func between(_ from: PartyProfile.Peer, _ to: PartyProfile.Peer) -> [Lanes] {
        if from.addresses.isEmpty || to.addresses.isEmpty {
            return [
                Lanes(family: nil, from: from.addresses.isEmpty ? nil : 0, to: to.addresses.isEmpty ? nil : 0)
            ]
        }
        return from.addresses.enumerated().compactMap { place, address in
            to.addresses.firstIndex { $0.family == address.family }.map { other in
                Lanes(family: address.family, from: place, to: other)
            }
        }
    }
}

/// Consecutive numbers for distinct values.
struct Numbering<Value: Hashable> {
    private var numbers: [Value: Int] = [:]

    mutating func number(_ value: Value) -> Int {
        if let known = numbers[value] { return known }
        let next = numbers.count
        numbers[value] = next
        return next
    }
}
