/// What keepalived writes into its notify pipe, one line each: `INSTANCE "name" MASTER 250`.
package struct NotifyMessage: Hashable, Sendable {
    package enum State: String, Hashable, Sendable {
        case master = "MASTER"
        case backup = "BACKUP"
        /// Its interface is down, or what it tracks is not well.
        case fault = "FAULT"
        /// keepalived ends.
        case stop = "STOP"
        case deleted = "DELETED"
    }

    package let instance: String
    package let state: State

    package init(instance: String, state: State) {
        self.instance = instance
        self.state = state
    }

    /// Nil for lines that say something else.
    package init?(_ line: some StringProtocol) {
        let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "INSTANCE ", !parts[1].isEmpty,
            let word = parts[2].split(separator: " ").first, let state = State(rawValue: String(word))
        else { return nil }
        instance = String(parts[1])
        self.state = state
    }
}
