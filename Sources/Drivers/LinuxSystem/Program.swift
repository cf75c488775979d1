/// A program to start: an absolute path and its arguments, never a shell line.
package struct Program: Sendable {
    package var path: String
    /// Without the program's own name.
    package var arguments: [String]
    package var environment: [String: String]
    package var directory: String?
    package var namespace: NamespaceReference = .current
    /// A file that it sees as `/etc/resolv.conf`; nil: this process's.
    package var resolverFile: String?
    /// Where standard output and standard error go.
    package var output: Output = .discard
    package var input: Input = .empty
    /// The child gets this signal when this process ends, however it ends; nil lets it live on.
    package var signalOnParentDeath: Signal? = .kill
    /// Own session: signals from the terminal (Ctrl-C) do not reach it.
    package var ownSession = true

    package enum Output: Sendable, Hashable {
        case discard
        /// Both are appended to a file, which is created if needed.
        case file(String)
        /// The same as this process.
        case inherit
    }

    package enum Input: Sendable, Hashable {
        case empty
        case inherit
    }

    package init(_ path: String, _ arguments: [String] = [], environment: [String: String] = [:]) {
        self.path = path
        self.arguments = arguments
        self.environment = environment
    }

    /// The environment of this process.
    package static var ownEnvironment: [String: String] { Environment.all() }
}
