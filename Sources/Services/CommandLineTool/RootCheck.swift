import LinuxSystem

/// Verbs that change the kernel's network say at once that they need root.
package enum RootCheck {
    /// `verb` as the person typed it: `gabion lab up`.
    package static func require(for verb: String) throws {
        if !Host.mayConfigureNetwork {
            throw failure(verb, "root: it makes network namespaces and programs the kernel")
        }
    }

    /// For those that never leave the network that they are started in, and so need less.
    package static func requireOwnNetwork(for verb: String) throws {
        if !Host.mayConfigureOwnNetwork { throw failure(verb, "root, or CAP_NET_ADMIN: it programs the kernel") }
    }

    private static func failure(_ verb: String, _ need: String) -> CommandFailure {
        CommandFailure("\(verb) needs \(need)", remedy: "Run it as root, for example: sudo \(verb)")
    }
}
