import ClusterAPI
import FlowModel
import NetworkTypes
import PolicyEngine

/// What flows ask for, before rules are made of it.
struct SuggestionDraft {
    let namespace: String
    let stage: SuggestionStage
    private(set) var grants: [Grant: Evidence] = [:]
    /// What a policy was seen to deny.
    private(set) var denied: Set<Grant> = []
    /// The same, as questions; each once.
    private(set) var deniedFlows: Set<Flow> = []
    /// Ends of denied flows, whatever denied them: no block of addresses may hold one.
    private(set) var deniedAddresses: Set<IPAddress> = []
    private var result: PolicySuggestion.Counts = .init()

    init(namespace: String, stage: SuggestionStage) {
        self.namespace = namespace
        self.stage = stage
    }

    mutating func add(_ record: FlowRecord) {
        let isOfNamespace = [record.source, record.destination].contains {
            $0.kind == .pod && $0.namespace == namespace
        }
        guard isOfNamespace else { return }
        if record.verdict == .denied {
            deny(record)
            return
        }
        result.flows += 1
        result.observers.insert(record.observer)
        let span = result.span ?? record.start...max(record.start, record.last)
        result.span = min(span.lowerBound, record.start)...max(span.upperBound, record.last)
        switch stage.parties.question(record) {
        case .failure(let obstacle): result.inexpressible[obstacle.description, default: 0] += 1
        case .success(let question):
            if stage.isPromised(question, record) {
                result.promised += 1
            } else if let port = ServerPort(question.flow) {
                for grant in asked(question, port) { grants[grant, default: Evidence()].add(record) }
            } else {
                result.inexpressible["NetworkPolicy cannot name \(question.flow.transport.rawValue)", default: 0] += 1
            }
        }
    }

    /// A drop that is no policy's, such as a forged address, says nothing about who may speak with whom: its ends are not who
    /// they say, and it keeps nothing from others.
    private mutating func deny(_ record: FlowRecord) {
        deniedAddresses.formUnion([record.source.address, record.destination.address])
        guard record.drop == nil || record.drop == FlowVerdict.policyDrop,
            case .success(let question) = stage.parties.question(record), !stage.isPromised(question, record)
        else { return }
        deniedFlows.insert(question.flow)
        if let port = ServerPort(question.flow) { denied.formUnion(asked(question, port)) }
    }

    /// What a flow needs at each of its ends in the namespace.
    private func asked(_ question: FlowParties.Question, _ port: ServerPort) -> [Grant] {
        func grant(_ end: FlowParties.End, _ direction: Direction, _ other: FlowParties.End) -> Grant? {
            guard case .pod(let pod, _) = end, pod.key.namespace == namespace, let peer = Self.peer(other) else {
                return nil
            }
            return Grant(workload: Workload(pod), direction: direction, peer: peer, port: port)
        }
        return [
            grant(question.source, .egress, question.destination),
            grant(question.destination, .ingress, question.source),
        ].compactMap(\.self)
    }

    private static func peer(_ end: FlowParties.End) -> Grant.Peer? {
        switch end {
        case .pod(let pod, _): .workload(Workload(pod))
        case .address(.address(let address)): .address(address)
        case .address, .gone, .changedHands: nil
        }
    }

    func finish(_ suggestion: inout PolicySuggestion) {
        suggestion.flows = result.flows
        suggestion.span = result.span
        suggestion.observers = result.observers
        suggestion.inexpressible = result.inexpressible
        suggestion.promised = result.promised
        for (grant, evidence) in grants where denied.contains(grant) { suggestion.withheld[grant] = evidence.flows }
        suggestion.policies = RuleMaker(self).policies()
        removeWhatLetsDeniedFlowsPass(&suggestion)
    }

    /// The engine has the last word: rules under which a denied flow would pass go, until there is none.
    private func removeWhatLetsDeniedFlowsPass(_ suggestion: inout PolicySuggestion) {
        while true {
            var engine = stage.engine
            for policy in suggestion.policies { engine.upsert(policy.policy) }
            let opened = deniedFlows.sorted { "\($0)" < "\($1)" }.first { flow in
                let verdict = engine.verdict(for: flow)
                return verdict.allowed && !rules(verdict).isEmpty
            }
            guard let opened else { return }
            for (key, direction, index) in rules(engine.verdict(for: opened)) {
                suggestion.remove(key.name, direction, index, for: "\(opened.from) to \(opened.to)")
            }
        }
    }

    /// The rules of this namespace that allow.
    private func rules(_ verdict: Verdict) -> [(ObjectKey, Direction, Int)] {
        [verdict.egress.rule, verdict.ingress.rule].compactMap { rule in
            guard case .networkPolicy(let key, let direction, let index) = rule else { return nil }
            return (key, direction, index)
        }
    }
}

extension PolicySuggestion {
    /// What is counted while flows are looked at.
    struct Counts {
        var flows = 0
        var span: ClosedRange<Int64>?
        var observers: Set<String> = []
        var inexpressible: [String: Int] = [:]
        var promised = 0
    }

    fileprivate mutating func remove(_ name: String, _ direction: Direction, _ index: Int, for denied: String) {
        guard let place = policies.firstIndex(where: { $0.name == name }) else { return }
        let rule: SuggestedRule
        switch direction {
        case .ingress: rule = policies[place].ingress.remove(at: index)
        case .egress: rule = policies[place].egress.remove(at: index)
        }
        removed.append(Removal(policy: name, direction: direction, rule: rule, denied: denied))
    }
}
