/// Answers to a check, one after another: so many alike in a row decide.
struct HealthCount: Hashable, Sendable {
    /// Nil before so many were alike.
    private(set) var verdict: Bool?
    private var last: Bool?
    private var alike = 0

    mutating func note(_ answer: Bool, threshold: Int) {
        alike = answer == last ? alike + 1 : 1
        last = answer
        if alike >= threshold { verdict = answer }
    }
}
