/// Who holds pod addresses: one interface of one container sandbox, as CNI identifies it.
package struct AddressOwner: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    package let containerID: String
    package let interface: String

    package init(containerID: String, interface: String) {
        self.containerID = containerID
        self.interface = interface
    }

    package var description: String { "\(containerID)/\(interface)" }

    package static func < (left: AddressOwner, right: AddressOwner) -> Bool {
        (left.containerID, left.interface) < (right.containerID, right.interface)
    }
}
