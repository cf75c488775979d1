package import ClusterAPI

/// Something that people have to know or to mend: logged, and written as an Event on the object, once for as long as it
/// lasts.
package struct Finding: Hashable, Sendable, CustomStringConvertible {
    package enum Reason: String, Sendable {
        case waitingForClusterNetwork = "WaitingForClusterNetwork"
        case invalidClusterNetwork = "InvalidClusterNetwork"
        case unreadableObject = "UnreadableObject"
        case nodeWithoutAddress = "NodeWithoutAddress"
        case nodeAddressConflict = "NodeAddressConflict"
        case subnetsExhausted = "SubnetsExhausted"
        case subnetOutsideRanges = "SubnetOutsideRanges"
        case subnetOverlap = "SubnetOverlap"
        case invalidSubnet = "InvalidSubnet"
        case hostSubnetWithoutNode = "HostSubnetWithoutNode"
        case netIDsExhausted = "NetIDsExhausted"
        case invalidNetID = "InvalidNetID"
        case unknownNetworkMode = "UnknownNetworkMode"
        case networkChangeRefused = "NetworkChangeRefused"
    }

    package let reason: Reason
    package let message: String
    /// Nil when there is no object to write an Event on.
    package let object: ObjectReference?

    package init(_ reason: Reason, _ message: String, about object: ObjectReference? = nil) {
        self.reason = reason
        self.message = message
        self.object = object
    }

    /// A node that has just registered has no address for a moment: not worth an Event.
    package var deservesEvent: Bool { object != nil && reason != .nodeWithoutAddress }

    package var description: String { "\(reason.rawValue): \(message)" }
}
