/// Answers to a check, one after another: so many alike in a row decide.
///
/// Nothing is well before it has been found so.
struct HealthCount: Hashable, Sendable {
    private(set) var isWell = false
    private var differing = 0

    mutating func note(_ answer: Bool, threshold: Int) {
        differing = answer == isWell ? 0 : differing + 1
        guard differing >= max(1, threshold) else { return }
        isWell = answer
        differing = 0
    }
}
