/// Random numbers that depend on a seed only, on every machine (SplitMix64): what fails can be repeated.
///
/// Make the seed an argument of the test, so that a failure names it.
package struct SeededGenerator: RandomNumberGenerator, CustomStringConvertible, Sendable {
    package let seed: UInt64
    private var state: UInt64

    /// `seed` may be any whole number; of a negative one its bits count.
    package init(seed: some BinaryInteger) {
        self.seed = UInt64(truncatingIfNeeded: seed)
        state = self.seed
    }

    package var description: String { "seed \(seed)" }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    package mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }

    /// True once in `odds` times.
    package mutating func once(in odds: Int) -> Bool { below(odds) == 0 }

    /// One of `choices`, which must not be empty.
    package mutating func pick<Element>(_ choices: [Element]) -> Element { choices[below(choices.count)] }
}
