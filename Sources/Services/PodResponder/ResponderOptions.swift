import NetworkTypes

/// The responder's command line: `[--identity NAMESPACE/POD] [PORT…]` with ports such as `tcp/8080 udp/53 sctp/132`.
package struct ResponderOptions: Hashable, Sendable {
    /// What every answer begins with.
    package var identity: String
    package var ports: [ListenPort]

    package init(identity: String, ports: [ListenPort]) {
        self.identity = identity
        self.ports = ports
    }

    /// Refuses anything that is not a port, naming it.
    package init(arguments: [String]) throws(ResponderError) {
        identity = "responder"
        ports = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--identity" {
                guard let value = rest.popFirst() else { throw ResponderError("--identity wants a value") }
                identity = value
            } else if let port = ListenPort(argument) {
                if !ports.contains(port) { ports.append(port) }
            } else {
                throw ResponderError("'\(argument)' is not a port such as tcp/8080, udp/53 or sctp/7777")
            }
        }
    }

    /// The command line that `init(arguments:)` reads back.
    package var arguments: [String] { ["--identity", identity] + ports.map(\.description) }
}

/// Why the responder cannot run.
package struct ResponderError: Error, CustomStringConvertible, Hashable, Sendable {
    package let description: String

    init(_ description: String) { self.description = description }
}
