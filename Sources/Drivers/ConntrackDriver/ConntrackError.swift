package import LinuxSystem

/// A request about tracked connections that the kernel refused.
package struct ConntrackError: Error, Sendable, CustomStringConvertible {
    package let what: String
    package let refusal: NetlinkError
    package let namespace: NamespaceReference

    package var description: String {
        let place = namespace == .current ? "" : " in \(namespace)"
        return "cannot \(what)\(place): \(refusal)"
    }
}
