package import PolicyEngine
package import ServiceModel

/// What becomes of a connection: every way that it may take, and what is said about each.
package struct Judgement: Hashable, Sendable {
    package let question: Question
    /// The connection as the client opens it.
    package let asked: Flow
    /// The port of a service that takes it; nil if none does.
    package let frontend: ServiceFrontend?
    package let ways: [Way]
    /// The client is led to the endpoint where it was before.
    package let isSticky: Bool

    init(_ question: Question, _ asked: Flow, frontend: ServiceFrontend? = nil, _ ways: [Way], isSticky: Bool = false) {
        self.question = question
        self.asked = asked
        self.frontend = frontend
        self.ways = ways
        self.isSticky = isSticky
    }

    /// Allowed if all ways are; names the first that decides, and how many there are.
    package var answer: Answer {
        let denied = ways.filter { !$0.isAllowed }
        guard let first = denied.first ?? ways.first else {
            return Answer(isAllowed: false, rule: "no node leads to the service")
        }
        let share = isPartly ? "\(denied.count) of \(ways.count) ways is denied: " : ""
        return Answer(isAllowed: denied.isEmpty, rule: share + first.text(andMore: isPartly ? 0 : ways.count - 1))
    }

    /// Services have to do with it: one takes it, or it goes where only they are.
    package var isServices: Bool {
        frontend != nil || ways.contains { if case .stopped = $0.course { true } else { false } }
    }

    /// Some of the ways are allowed, and others not.
    package var isPartly: Bool { Set(ways.map(\.isAllowed)).count > 1 }

    /// What a policy is never asked about: the client is refused, whatever way it takes.
    package var isRefused: Bool {
        ways.allSatisfy { if case .stopped(let stop) = $0.course { stop.isRefusal } else { false } }
    }
}

/// The verdict on a question, and what decides it.
package struct Answer: Hashable, Sendable {
    package let isAllowed: Bool
    /// One line.
    package let rule: String

    package init(isAllowed: Bool, rule: String) {
        self.isAllowed = isAllowed
        self.rule = rule
    }
}
