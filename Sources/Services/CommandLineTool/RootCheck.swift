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
}
