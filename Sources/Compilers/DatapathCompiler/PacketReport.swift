/// What the prefix of a logged packet says, as `LogRules` wrote it.
package enum PacketReport: Hashable, Sendable {
    /// The first packet of a connection that passed.
    case newConnection
    /// Dropped in the name of a policy's rule, or of a default; `words` is its text, as far as the prefix holds it.
    case denial(DenialName, words: String)
    /// Dropped for another reason, by the counter's name.
    case drop(String)

    package init(prefix: String) {
        if prefix == LogRules.newConnection {
            self = .newConnection
            return
        }
        let parts = prefix.split(separator: " ", maxSplits: 2).map(String.init)
        let name = parts.first ?? "drop_unnamed"
        if name == KernelNames.Drop.policy.rawValue, parts.count > 1, let denial = DenialName(chain: parts[1]) {
            self = .denial(denial, words: parts.count > 2 ? parts[2] : "")
        } else {
            self = .drop(name)
        }
    }
}
