/// How much is learned, and for how long; times are seconds.
package struct NameLimits: Hashable, Sendable {
    /// What is used within a moment of being told must work, whatever the answer's time says.
    package var shortestLife: UInt64 = 60
    /// A client that keeps to the answer's time may still be on its way.
    package var slack: UInt64 = 5
    package var longestLife: UInt64 = 86_400
    package var addressesPerName = 512
    package var addressesPerClient = 4096
    package var addresses = 65_536
    /// That wait for their answers.
    package var questionsPerClient = 1024

    package init() {}

    /// How long what lives so long by its answer is kept.
    func kept(_ life: UInt64) -> UInt64 { max(shortestLife, min(life, longestLife) + slack) }
}
