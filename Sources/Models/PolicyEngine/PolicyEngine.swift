import APIMachinery
import ClusterAPI
import EgressNames
import NetworkTypes

/// Policies and cluster, resolved: the one place where it is decided who may talk to whom.
///
/// A value. Each event updates indexes and touches only what it concerns; nothing observable depends on the order or the
/// number of the events that led to a state.
package struct PolicyEngine: Sendable {
    /// What the absence of an object means.
    package enum Input: Hashable, Sendable {
        /// All there is was given: a namespace without an object has no labels but its name.
        case complete
        /// More may be on its way: of a namespace whose object was not seen only the name is certain, and no selector
        /// that depends on another label opens anything for it.
        case live
    }

    /// Whose changes `drainChanges` tells.
    package enum Audience: Hashable, Sendable {
        case everyPod
        /// Those named by `watch`: the cost of a change that is about all pods is that of these.
        case watchedPods
    }

    let input: Input
    let audience: Audience
    var pods = SlotMap<PodRecord>()
    var podSlots: [ObjectKey: Int] = [:]
    var namespaces: [String: NamespaceRecord] = [:]
    /// Namespaces by the labels that are known of them.
    var namespacesByLabel: [LabelPair: Set<String>] = [:]
    /// Namespaces of whose labels more may exist than are known.
    var unseenNamespaces: Set<String> = []
    var policies = SlotMap<PolicyRecord>()
    var policySlots: [PolicyReference: Int] = [:]
    /// The cluster-wide policies by tier and priority: more than one has no certain order.
    var ranks: [PolicyRank: Set<PolicyReference>] = [:]
    /// The zones by name, without their metadata and status, and what they all come to.
    var zones: [String: Zone] = [:]
    var zonePlan = ZonePlan([], now: nil)
    var zoneSlots: [ZonePolicyKey: Int] = [:]
    var zoneDiagnostics: [PolicyDiagnostic] = []
    /// By namespace: more than one contradict each other.
    var egressFirewalls: [String: [PolicyReference: EgressFirewallForm]] = [:]
    /// Nil until somebody told it.
    var now: APITime?
    var addresses = AddressOwners()
    var nodes = NodeTable()
    var nodeObjects: [String: NodeFacts] = [:]
    var tenancy = Tenancy()

    var sets = SlotMap<PeerSetRecord>()
    var setSlots: [PeerSetID: Int] = [:]
    var scopes = SlotMap<ScopeRecord>()
    var scopeSlots: [NamespaceScope: Int] = [:]
    /// The scopes of kind `.matching` by their selector.
    var scopeIndex = SelectorIndex()
    var doubtfulScopes: Set<Int> = []
    var countingScopes: Set<Int> = []
    /// Sets of nodes by their selector.
    var nodeSets = SelectorIndex()
    var namedSets: [NamedPort: NamedPortSets] = [:]
    /// Sets of names, and what they hold, in use or not.
    var nameSets: [NameSelector: Int] = [:]
    var learnedNames: [NameSelector: Set<IPAddress>] = [:]

    /// The pods named by `watch`, and the slots of those of them that are known.
    var watchedPods: Set<ObjectKey> = []
    var watchedSlots: SlotSet = []
    /// Pods whose policy may differ from what was told: one bit each, since one policy can be about all.
    var stalePods: SlotSet = []
    /// What was told about pods that are gone since.
    var departed: [ObjectKey: EndpointPolicy] = [:]
    var createdSets: Set<Int> = []
    var changedSets: Set<Int> = []
    var removedSets: Set<PeerSetID> = []
    var toldDiagnostics: [PolicyDiagnostic] = []
    var diagnosticsMayDiffer = false

    /// See `partyRevision`.
    var partyChanges: UInt64 = 0

    var lastGeneration = 0
    var resolvedParts: [PartKey: NumberedPart] = [:]
    var resolved: [[Int]: DirectionPolicy] = [:]

    package init(input: Input = .complete, tellsAbout audience: Audience = .everyPod) {
        self.input = input
        self.audience = audience
    }

    /// Another number whenever verdicts may be others because a pod, a namespace, a node, a network or the time is another.
    var partyRevision: UInt64 { partyChanges &+ nodes.revision }

    /// The members now; nil for sets that no policy refers to.
    package func members(of id: PeerSetID) -> PeerSetMembers? {
        setSlots[id].flatMap { sets[$0]?.members }
    }

    /// The sets that policies refer to now, sorted.
    package var peerSets: [PeerSetID] { setSlots.keys.sorted() }

    /// What is wrong with policies, sorted.
    package var diagnostics: [PolicyDiagnostic] {
        (policies.slots.flatMap { policies[$0]?.diagnostics ?? [] } + rankDiagnostics + tenancyDiagnostics
            + zoneDiagnostics).sorted()
    }
}
