/// The files of the learner in the node's run directory.
package struct NameFiles: Hashable, Sendable {
    package let directory: String

    package init(directory: String) { self.directory = directory }

    /// What the agent asks for.
    package var orders: String { directory + "/names.json" }
    /// What was learned: for the agent, and for a learner after this one.
    package var journal: String { directory + "/names-learned.jsonl" }
    package var status: String { directory + "/names-status.json" }

    /// Those that the learner writes.
    package var own: [String] { [journal, journal + ".new", status, status + ".new"] }
}
