import ClusterAPI
import NetworkTypes

extension PolicyEngine {
    /// The verdict for a flow with everything that led to it.
    ///
    /// Made from the records that `verdict(for:)` reads; slower, since nothing is left out.
    package func explanation(of flow: Flow) -> Explanation {
        let verdict = verdict(for: flow)
        guard case .success(let (from, to)) = endpoints(of: flow) else {
            let source = EndFacts(party: flow.from, kind: .unreachable, address: nil)
            let destination = EndFacts(party: flow.to, kind: .unreachable, address: nil)
            return Explanation(
                flow: flow,
                egress: DirectionExplanation(
                    direction: .egress, end: source, other: destination, decision: verdict.egress, tiers: []),
                ingress: DirectionExplanation(
                    direction: .ingress, end: destination, other: source, decision: verdict.ingress, tiers: []))
        }
        let isExempt = exemption(from, to) != nil || exemption(to, from) != nil
        func explain(_ direction: Direction, _ end: Endpoint, _ other: Endpoint) -> DirectionExplanation {
            let (own, others) = direction == .egress ? (flow.from, flow.to) : (flow.to, flow.from)
            return DirectionExplanation(
                direction: direction, end: facts(end, own), other: facts(other, others),
                decision: direction == .egress ? verdict.egress : verdict.ingress,
                tiers: isExempt ? [] : tiers(Question(direction, end, other, flow, target: pod(to))))
        }
        return Explanation(
            flow: flow, egress: explain(.egress, from, to), ingress: explain(.ingress, to, from))
    }

    private func facts(_ end: Endpoint, _ party: Party) -> EndFacts {
        let kind: EndFacts.Kind
        switch end.kind {
        case .pod(let slot):
            guard let facts = pods[slot]?.facts else { return EndFacts(party: party, kind: .unreachable, address: nil) }
            let labels = namespaces[facts.key.namespace]?.labels.known ?? [:]
            kind = .pod(facts.key, labels: facts.labels, namespaceLabels: labels)
        case .node(let name): kind = .node(name)
        case .external: kind = .external
        }
        return EndFacts(party: party, kind: kind, address: end.address)
    }

    /// What the rules of one end are asked.
    struct Question {
        let direction: Direction
        let end: Endpoint
        let other: Endpoint
        let transport: TransportProtocol
        let port: UInt16?
        /// The destination, whose named ports count.
        let target: PodRecord?

        init(_ direction: Direction, _ end: Endpoint, _ other: Endpoint, _ flow: Flow, target: PodRecord?) {
            self.direction = direction
            self.end = end
            self.other = other
            transport = flow.transport
            port = flow.port
            self.target = target
        }
    }

    private func tiers(_ question: Question) -> [TierExplanation] {
        guard let record = pod(question.end) else { return [] }
        let guarded = guardedMetadata(record, question)
        var isDecided = guarded.map { $0.outcome != .undecided } ?? false
        return [guarded].compactMap(\.self)
            + Tier.allCases.compactMap { tier in
                let explained = explain(tier, record, question, isDecided: isDecided)
                if case .decided = explained?.outcome { isDecided = true }
                return explained
            }
    }

    /// Nil for what is no metadata.
    private func guardedMetadata(_ record: PodRecord, _ question: Question) -> TierExplanation? {
        guard question.direction == .egress,
            MetadataGuard.closes(question.other.address, question.transport, question.port)
        else { return nil }
        let denial = metadataDenial(.egress, record, question.other, question.transport, question.port)
        let selecting = record.policies.compactMap { policies[$0] }.filter { $0.place.tier == .metadata }
        return TierExplanation(
            tier: .metadata, policies: selecting.map(\.reference).sorted(), rules: [],
            outcome: denial.map { .decided(.deny($0)) } ?? .undecided, unselected: [])
    }

    /// Nil for a tier without anything to say about the pod.
    private func explain(
        _ tier: Tier, _ record: PodRecord, _ question: Question, isDecided: Bool
    ) -> TierExplanation? {
        guard isEnforced(tier) else { return nil }
        let selecting = record.policies.filter {
            policies[$0]?.place.tier == tier && policies[$0]?[question.direction] != nil
        }.compactMap { slot in policies[slot].map { (slot: slot, policy: $0) } }
            .sorted { $0.policy.place < $1.policy.place }
        let unselected = unselected(tier, record, question)
        if selecting.isEmpty, unselected.isEmpty { return nil }
        var outcome = isDecided ? TierExplanation.Outcome.notAsked : .undecided
        var isOpen = !isDecided
        var rules: [RuleExplanation] = []
        for (slot, policy) in selecting {
            for rule in policy[question.direction] ?? [] {
                let explained = explain(
                    rule, of: policy, for: record, isDoubted: record.doubts.containsSorted(slot), isAsked: isOpen,
                    question)
                rules.append(explained)
                guard isOpen, explained.matches else { continue }
                isOpen = false
                outcome =
                    explained.action == .pass
                    ? .passed(explained.id)
                    : .decided(
                        Decision(
                            allowed: explained.action == .allow, rule: named(explained, policy, record, question)))
            }
        }
        if tier == .networkPolicy, !selecting.isEmpty, outcome == .undecided {
            let keys = selecting.map(\.policy.reference.key).sorted()
            outcome = .decided(.deny(.defaultDeny(question.direction, keys)))
        }
        return TierExplanation(
            tier: tier, policies: selecting.map(\.policy.reference), rules: rules, outcome: outcome,
            unselected: unselected)
    }

    /// What a verdict calls a rule that decides: projects that are apart are named with it.
    private func named(
        _ rule: RuleExplanation, _ policy: PolicyRecord, _ record: PodRecord, _ question: Question
    ) -> RuleID {
        guard case .tenancy(let network, _) = policy.source, rule.action == .deny else { return rule.id }
        return separation(network, of: record, and: question.other, question.direction)
    }

    private func explain(
        _ rule: RuleRecord, of policy: PolicyRecord, for record: PodRecord, isDoubted: Bool, isAsked: Bool,
        _ question: Question
    ) -> RuleExplanation {
        let action = isDoubted ? rule.action.doubted : rule.action
        var peers = peerMisses(rule, question)
        if action == nil {
            // Not believed while it is unknown whether the policy selects the pod.
            let namespace = record.facts.key.namespace
            peers.append(PeerMiss(peer: "the policy's subject", differences: [.namespaceUnseen(namespace)]))
        }
        return RuleExplanation(
            id: id(of: rule, in: policy, question.direction, for: record), policy: policy.reference, index: rule.index,
            action: action ?? rule.action, isAsked: isAsked, ports: portDifferences(rule.ports, question), peers: peers)
    }

    /// Few: only policies with a rule about the very flow.
    private func unselected(_ tier: Tier, _ record: PodRecord, _ question: Question) -> [UnselectedPolicy] {
        let key = record.facts.key
        var found: [(PolicyPlace, UnselectedPolicy)] = []
        for slot in policies.slots where !record.policies.containsSorted(slot) {
            guard let policy = policies[slot], policy.place.tier == tier, let rules = policy[question.direction],
                let rule = rules.first(where: { matches($0, question) })
            else { continue }
            var differences: [Difference] = []
            switch policy.subject.namespaces {
            case .named(let name):
                // A NetworkPolicy is about its own namespace and will never be about another.
                guard name == key.namespace else { continue }
            case .matching(let selector), .doubtful(let selector):
                differences = namespaceDifferences(selector, key.namespace)
            case .network: differences = [.otherNetwork(project: key.namespace)]
            case .notInOne: differences = [.inOneZone(key.namespace)]
            }
            differences += policy.subject.pods.differences(record.facts.labels).map(Difference.podLabel)
            let unselected = UnselectedPolicy(
                policy: policy.reference, rule: id(of: rule, in: policy, question.direction, for: record),
                action: rule.action,
                differences: differences)
            found.append((policy.place, unselected))
        }
        return found.sorted { $0.0 < $1.0 }.map(\.1)
    }

    private func matches(_ rule: RuleRecord, _ question: Question) -> Bool {
        matches(rule, question.other, question.target, question.transport, question.port)
    }
}
