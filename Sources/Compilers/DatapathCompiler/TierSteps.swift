import PolicyEngine

/// Rules in their order, as few questions as it takes to find the first that matches: neighbours that do the same are one.
///
/// All of them are about the same ports.
struct TierSteps: Hashable {
    enum Step: Hashable {
        /// Allow or pass whoever is in one of the sets.
        case release(RuleAction, Set<PeerSetID>)
        /// Each with its own name.
        case deny([Deny])
        /// Many lists of networks and hosts, of which the first that has the address decides.
        case firstOf([List])
    }

    struct List: Hashable {
        let outcome: End
        let sets: Set<PeerSetID>
    }

    struct Deny: Hashable {
        let id: RuleID
        let sets: Set<PeerSetID>
    }

    /// What becomes of everyone whom no step is about.
    enum End: Hashable {
        case release(RuleAction)
        case deny(RuleID)
    }

    private(set) var steps: [Step] = []
    /// Rules after one that is about everyone are not reached.
    private(set) var end: End

    /// `end` is the tier's.
    init(_ rules: some Sequence<ResolvedRule>, end: TierPart.End) {
        self.end =
            switch end {
            case .nextTier: .release(.pass)
            case .deny(let id): .deny(id)
            }
        for rule in rules {
            guard case .sets(let ids) = rule.peers else {
                self.end = rule.action == .deny ? .deny(rule.id) : .release(rule.action)
                break
            }
            append(rule, Set(ids))
        }
        // What passes before the end passes anyway.
        while self.end == .release(.pass), case .release(.pass, _)? = steps.last { steps.removeLast() }
        joinLists()
    }

    /// Makes one step of neighbours that ask for nothing but networks and hosts, where each by itself would be many lookups.
    private mutating func joinLists() {
        // Most are few.
        guard steps.reduce(0, { $0 + $1.listCount }) > SetGroup.maximumLookups else { return }
        var joined: [Step] = []
        var run: [Step] = []
        func flush() {
            let lists = run.flatMap(\.lists)
            if lists.count > SetGroup.maximumLookups { joined.append(.firstOf(lists)) } else { joined += run }
            run = []
        }
        for step in steps {
            if step.isOfBlocks {
                run.append(step)
            } else {
                flush()
                joined.append(step)
            }
        }
        flush()
        steps = joined
    }

    private mutating func append(_ rule: ResolvedRule, _ sets: Set<PeerSetID>) {
        switch (steps.last, rule.action) {
        case (.deny(let denies), .deny):
            steps[steps.count - 1] = .deny(denies + [Deny(id: rule.id, sets: sets)])
        case (_, .deny): steps.append(.deny([Deny(id: rule.id, sets: sets)]))
        case (.release(rule.action, let known), _):
            steps[steps.count - 1] = .release(rule.action, known.union(sets))
        default: steps.append(.release(rule.action, sets))
        }
    }
}

extension TierSteps.Step {
    fileprivate var lists: [TierSteps.List] {
        switch self {
        case .release(let action, let sets): [TierSteps.List(outcome: .release(action), sets: sets)]
        case .deny(let denies): denies.map { TierSteps.List(outcome: .deny($0.id), sets: $0.sets) }
        case .firstOf(let lists): lists
        }
    }

    fileprivate var listCount: Int {
        switch self {
        case .release: 1
        case .deny(let denies): denies.count
        case .firstOf(let lists): lists.count
        }
    }

    /// Whether all its sets are such as never change.
    fileprivate var isOfBlocks: Bool {
        lists.allSatisfy { $0.sets.allSatisfy { $0.kind == .networks || $0.kind == .hosts } }
    }
}
