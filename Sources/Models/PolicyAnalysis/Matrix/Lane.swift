import NetworkTypes
import PolicyEngine

/// An address family in which packets go from one end to another.
struct Lane {
    /// Nil where an end has no address: the flow is asked by name.
    let family: IPAddress.Family?
    /// The place of the address that each end uses; nil for none.
    let from: Int?
    let to: Int?

    static func between(_ from: [IPAddress.Family], _ to: [IPAddress.Family]) -> [Lane] {
        if from.isEmpty || to.isEmpty {
            return [Lane(family: nil, from: from.isEmpty ? nil : 0, to: to.isEmpty ? nil : 0)]
        }
        return from.enumerated().compactMap { place, family in
            to.firstIndex(of: family).map { Lane(family: family, from: place, to: $0) }
        }
    }
}

/// The lanes between ends with these lists of families, of which there are five at most.
struct LaneTable {
    private var numbers = Numbering<[IPAddress.Family]>()
    private var families: [[IPAddress.Family]] = []
    private var table: [[Lane]] = []

    mutating func shape(of peer: PartyProfile.Peer) -> Int {
        let own = peer.addresses.map(\.family)
        let number = numbers.number(own)
        if number == families.count { families.append(own) }
        return number
    }

    /// To be called when all shapes are known.
    mutating func fill() {
        table = families.flatMap { from in families.map { Lane.between(from, $0) } }
    }

    func between(_ from: Int, _ to: Int) -> [Lane] { table[from * families.count + to] }
}

/// What one direction answers, by what it depends on: whose rules, about which peer, at which of its addresses.
struct HalfTable {
    private let peers: Int
    private var egress: [Int32]
    private var ingress: [Int32]

    init(sides: Int, peers: Int) {
        self.peers = peers
        egress = [Int32](repeating: -1, count: sides * peers * 3)
        ingress = egress
    }

    /// An end has an address of each family at most, or none.
    func place(side: Int, peer: Int, address: Int?) -> Int { (side * peers + peer) * 3 + (address.map { $0 + 1 } ?? 0) }

    subscript(direction: Direction, place: Int) -> Int? {
        get {
            let number = direction == .egress ? egress[place] : ingress[place]
            return number < 0 ? nil : Int(number)
        }
        set {
            let number = Int32(newValue ?? -1)
            if direction == .egress { egress[place] = number } else { ingress[place] = number }
        }
    }
}
