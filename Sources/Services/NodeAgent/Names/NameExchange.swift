package import EgressNames

/// How the agent and the process that learns names tell each other what they know: see `docs/design/egress-names.md`.
package protocol NameExchange: Sendable {
    /// What an agent of this node ordered last; nil if there is nothing that can be read.
    func lastOrders() -> NameOrders?

    func order(_ orders: NameOrders) throws

    /// What was learned since the last call.
    func news() throws -> NameNews
}

package struct NameNews: Sendable {
    package var lines: [LearnedLine] = []
    /// Of lines that cannot be read, the first, and why.
    package var fault: String?

    package init() {}
}
