/// The verb of an invocation, from `CNI_COMMAND`.
package enum Command: String, Codable, Hashable, Sendable, CaseIterable {
    case add = "ADD"
    case del = "DEL"
    case check = "CHECK"
    case status = "STATUS"
    case gc = "GC"
    case version = "VERSION"

    /// The first version of the specification that has this verb.
    package var since: SpecVersion {
        switch self {
        case .add, .del, .version: .v0_3_1
        case .check: .v0_4_0
        case .status, .gc: .v1_1_0
        }
    }

    /// True for the verbs that are about one container's interface.
    package var concernsOneAttachment: Bool {
        switch self {
        case .add, .del, .check: true
        case .status, .gc, .version: false
        }
    }

    /// True for the verbs that need the container's network namespace; DEL must work without one.
    package var needsNamespace: Bool { self == .add || self == .check }
}
