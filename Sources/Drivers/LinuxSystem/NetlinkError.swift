/// The kernel's refusal of a netlink request.
package struct NetlinkError: Error, Hashable, Sendable, CustomStringConvertible {
    package let number: ErrorNumber
    /// The kernel's own words (extended acknowledgement); empty when it says nothing.
    package let text: String
    /// Where in the request the offending attribute begins, counted from the netlink header.
    package let offset: UInt32?

    package init(number: ErrorNumber, text: String = "", offset: UInt32? = nil) {
        self.number = number
        self.text = text
        self.offset = offset
    }

    package var description: String { text.isEmpty ? "\(number)" : "\(number): \(text)" }
}
