import ClusterAPI
import EgressAddressModel
import NetworkTypes

/// One machine of the simulation: its clock, its process, which may be frozen or dead, and its kernel, which goes on.
struct SimulatedNode {
    let name: String
    /// Its clock's rate against real time, and where it began.
    let rate: Double
    let offset: Int64
    var holder: EgressHolder
    var witness: EgressWitness
    /// Counts the processes: what an earlier one asked for is not answered to a later.
    var incarnation = 0
    var isRunning = true
    /// Until when in real time it is frozen.
    var frozenUntil: Int64 = 0
    /// The versions that its watch has told.
    var told: [String: String] = [:]
    /// Events that came while it was frozen.
    var waiting: [Event] = []
    /// The kernel: until when, in real time, it lets which address out.
    var fence: [IPAddress: Int64] = [:]

    static let network = CIDR("192.0.2.0/24")

    init(name: String, rate: Double, offset: Int64) {
        self.name = name
        self.rate = rate
        self.offset = offset
        holder = EgressHolder(node: name, networks: [Self.network].compactMap(\.self))
        witness = EgressWitness(node: name)
    }

    func clock(_ real: Int64) -> Int64 { offset + Int64(Double(real) * rate) }

    func isFrozen(_ real: Int64) -> Bool { real < frozenUntil }

    mutating func restart() {
        incarnation += 1
        isRunning = true
        waiting = []
        told = [:]
        holder = EgressHolder(node: name, networks: [Self.network].compactMap(\.self))
        witness = EgressWitness(node: name)
    }

    /// What its kernel lets out now.
    func held(_ real: Int64) -> Set<IPAddress> { Set(fence.filter { $0.value > real }.keys) }
}

/// Something that happens to a process.
enum Event {
    case tick
    case heartbeat(from: String, sequence: UInt64, incarnation: Int)
    case acknowledgement(from: String, sequence: UInt64, incarnation: Int)
    case holder(EgressHolder.Event)
    case witness(EgressWitness.Event)
    case watched([EgressNode])
    case apply(Set<IPAddress>, until: Int64)
}
