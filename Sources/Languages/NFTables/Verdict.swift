/// What becomes of a packet: a rule's end, or the data of a verdict map.
package enum Verdict: Hashable, Sendable {
    case accept
    case drop
    /// Back to the calling chain, or to the policy of a base chain.
    case `return`
    /// On with the next rule.
    case `continue`
    /// Into a chain, and back after its end.
    case jump(Name)
    /// Into a chain, without coming back.
    case goto(Name)

    /// The chain that this leads to.
    package var target: Name? {
        switch self {
        case .jump(let chain), .goto(let chain): chain
        case .accept, .drop, .return, .continue: nil
        }
    }
}
