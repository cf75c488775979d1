import LinuxSystem

/// Verbs that change the kernel's network say at once that they need root.
package enum RootCheck {
    /// `verb` as the person typed it: `gabion lab up`.
    package static func require(for verb: String) throws {
        guard Host.mayConfigureNetwork else {
            throw CommandFailure(
                "\(verb) needs root: it makes network namespaces and programs the kernel",
                remedy: "Run it as root, for example: sudo \(verb)")
        }
    }

    /// For those that never leave the network that they are started in, and so need less.
    package static func requireOwnNetwork(for verb: String) throws {
        guard Host.mayConfigureOwnNetwork else {
            throw CommandFailure(
                "\(verb) needs root, or CAP_NET_ADMIN: it programs the kernel",
                remedy: "Run it as root, for example: sudo \(verb)")
        }
    }
}
