package import APIMachinery
import ClusterAPI
import DatapathCompiler
import EgressNames
import FlowModel
import KubernetesClient
package import Logging
import NetworkTypes
import NodeModel
import PolicyEngine
import ServiceModel

/// From API events and attachments to the kernel: records, models, compiles, plans, applies, confirms.
///
/// Events only change the model and wake the loop. Nothing is applied before all watched collections are known, so that
/// a fresh agent takes nothing away that a running pod needs.
package actor NodeAgent {
    let configuration: AgentConfiguration
    let kernel: any DatapathKernel
    let logger: Logger
    let clock = ContinuousClock()
    /// The time of day, which policies may end at.
    let now: @Sendable () -> APITime

    var model: NodeModel { didSet { forgetFlows() } }
    var compiler = DatapathCompiler() { didSet { forgetFlows() } }
    /// By `model` and `compiler` as they are now: how the flow log shows flows, and whether open connections may stay.
    var judgements = FlowMemo<FlowVerdict.Judgement?>()
    var permissions = FlowMemo<Bool>()
    /// What the kernel was last brought to; nil before the first success.
    var applied: Datapath?
    /// What may differ between `applied` and the compiler's datapath.
    var pending = DatapathDelta()
    /// Changes of the model that are not compiled yet.
    var unsettled = NodeChanges()
    /// What changes owe that the kernel does not have yet: connections are still made under the old rules.
    var revocationOwed = RevocationDebt()
    /// What can be judged again now, by the next look at the connections.
    var revocationDue = RevocationDebt()
    /// What is on this node's interfaces, as last observed.
    var localAddresses: Set<IPAddress> = []
    /// True while the kernel has taken the rules of the last pass.
    var hasCurrentRules = false
    /// True when `applied` is not to be relied on: the next pass starts from what the kernel has.
    var needsObservation = true
    /// How often a pass began to change the kernel, and whether one is doing so.
    var kernelChanges = 0
    var isChangingKernel = false
    /// Pods' interfaces whose routes or settings could not be made, with the kernel's words.
    var failedInterfaces: [String: String] = [:]

    /// Keys by kind, as the API has them now.
    var known: [WatchedKind: Set<ObjectKey>] = [:]
    var synced: Set<WatchedKind> = []
    var disconnected: [WatchedKind: String] = [:]
    /// Objects that exist and cannot be read, with the reason.
    var unreadable: [String: String] = [:]
    var measuredEndpoint: IPAddress?
    /// Nil where no interface has that endpoint.
    var measuredMTU: Int?
    /// The conditions of this Node as the API has them; nil while there is no such Node.
    var ownConditions: [NodeCondition]?

    var waiters: [UInt64: Waiter] = [:]
    var questions: [UInt64: KernelQuestion] = [:]
    var nextWaiter: UInt64 = 0
    var counters = AgentStatus.Counters()
    var lastFailure: String?
    /// What the kernel counted when it was last asked.
    var drops: [String: DropCount] = [:]
    /// What keeps load balancers from being answered.
    var healthProblems: [String] = []
    /// What the flow log does not have.
    var flowLosses = FlowLosses()
    /// How names are learned; nil where nobody does.
    let names: (any NameExchange)?
    /// What was ordered to be learned last, by this agent or one before it.
    var ordered: NameOrders?
    var hasReadOrders = false
    var hasNewNameSets = false
    var nameFailure: String?
    var lineFailure: String?
    var orderFailure: String?
    /// When the oldest event that is not applied yet came.
    var firstEvent: ContinuousClock.Instant?

    let wakeups: AsyncStream<Void>
    let wakeup: AsyncStream<Void>.Continuation
    let looks: AsyncStream<Void>
    let lookRequest: AsyncStream<Void>.Continuation
    let revocations: AsyncStream<Void>
    let revocation: AsyncStream<Void>.Continuation

    package init(
        configuration: AgentConfiguration, kernel: any DatapathKernel, logger: Logger,
        names: (any NameExchange)? = nil,
        now: @escaping @Sendable () -> APITime = { APITime(microseconds: Timestamp.now().microsecondsSince1970) }
    ) {
        self.now = now
        self.names = names
        self.configuration = configuration
        self.kernel = kernel
        self.logger = logger
        model = NodeModel(nodeName: configuration.nodeName)
        model.setNodePortRanges(configuration.nodePortRanges)
        (wakeups, wakeup) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        (looks, lookRequest) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        (revocations, revocation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// True when every watched collection has been read once.
    var isSynced: Bool { synced.isSuperset(of: WatchedKind.enforced) }

    func wake() {
        if firstEvent == nil { firstEvent = clock.now }
        wakeup.yield()
    }
}
