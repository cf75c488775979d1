package import ClusterAPI
package import NetworkTypes

/// A node's own part in holding egress addresses: when it may have which of them.
///
/// Pure: each event comes with the time of one clock, and says what is to be done. The laws:
/// - It is *backed* while a quorum of its witnesses has acknowledged what it sent at most a lease ago. The kernel gets no
///   address for longer than that.
/// - Before it holds an address, it claims: it writes, upon a version that assigns it the address, that it may hold it and
///   on whose word. Whoever takes an address away does so upon a version, too: one of them fails.
/// - A claim counts if it has been backed without a gap since before it wrote. After a gap nothing counts that was before.
/// - Then it looks whether another node owns the address, by a list read after the claim. Of two, the later sees both.
/// - An address is out of the kernel before a claim leaves it out.
package struct EgressHolder: Sendable {
    package enum Action: Hashable, Sendable {
        case heartbeat(sequence: UInt64, to: [String])
        /// Write the Lease, and say when the write that was begun now was done.
        case renewLease(sequence: UInt64)
        case claim(EgressClaim)
        /// Read all EgressNodes, as they are now and not from a cache.
        case list
        /// Let the kernel have these until then, and nothing else.
        case hold(Set<IPAddress>, until: Int64)
    }

    package enum Event: Hashable, Sendable {
        case tick
        /// The node's own object, as it is now; nil when there is none.
        case observed(EgressNode?)
        case acknowledged(witness: String, sequence: UInt64)
        case leaseFailed
        case claimed(WriteOutcome)
        case listed([EgressNode])
        case listFailed
        case applied(Set<IPAddress>)
        /// The kernel may have any of what it was to have.
        case applyFailed
        case networks([CIDR])
    }

    package let node: String
    package let timing: HoldTiming
    package internal(set) var networks: [CIDR]?
    var known: EgressNode?
    /// What `known` assigns to the node, and says that it holds.
    var assigned: Set<IPAddress> = []
    var said: Set<IPAddress> = []

    // Heartbeats.
    var sequence: UInt64 = 0
    var sent: [UInt64: Int64] = [:]
    var lastHeartbeat: Int64?
    var acknowledged: [String: Int64] = [:]
    var leaseInFlight = false
    var lastLease: Int64?

    // Backing: every one of these quorums must stand.
    var quorums: [WitnessQuorum] = []
    /// Until when it is known to be backed.
    package internal(set) var backedUntil: Int64 = .min
    /// Counts the gaps.
    var gaps = 0

    // Claims.
    var claimInFlight: (claim: EgressClaim, gaps: Int)?
    /// The claim that stands, with what it claimed.
    var standing: EgressClaim?
    var listInFlight: Int?
    /// Whether the standing claim has been compared with what others own.
    var isListed = false
    var nextTry: Int64 = .min
    /// What others own of what is assigned to this node.
    package internal(set) var contested: Set<IPAddress> = []

    // The kernel.
    /// What may be held: claimed, listed, and nobody else's.
    package internal(set) var confirmed: Set<IPAddress> = []
    /// What the kernel may have.
    var inKernel: Set<IPAddress> = []
    var holdInFlight = false
    var lastHold: (addresses: Set<IPAddress>, until: Int64)?

    package init(node: String, timing: HoldTiming = HoldTiming(), networks: [CIDR]? = nil) {
        self.node = node
        self.timing = timing
        self.networks = networks
    }

    /// How often it lost what it had claimed, most often with its backing.
    package var gapCount: Int { gaps }

    /// Milliseconds since what each witness acknowledged last was sent; nil for one that never acknowledged anything.
    package func silences(at now: Int64) -> [String: Int64?] {
        let witnesses = Set(quorums.flatMap(\.witnesses))
        return Dictionary(uniqueKeysWithValues: witnesses.map { name in (name, acknowledged[name].map { now - $0 }) })
    }

    /// True while a quorum backs the node.
    package func isBacked(at now: Int64) -> Bool { now < backedUntil }

    package mutating func handle(_ event: Event, at now: Int64) -> [Action] {
        notice(gapAt: now)
        note(event, now)
        back(now)
        return actions(now)
    }

    /// A moment without backing ends everything that was founded on it.
    private mutating func notice(gapAt now: Int64) {
        guard now >= backedUntil, backedUntil != .min else { return }
        backedUntil = .min
        loseClaim()
    }

    mutating func loseClaim() {
        gaps += 1
        standing = nil
        isListed = false
        confirmed = []
        contested = []
    }
}
