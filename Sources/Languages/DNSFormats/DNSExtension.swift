/// EDNS, the OPT record of a message (RFC 6891): what one end says of itself.
package struct DNSExtension: Hashable, Sendable {
    /// The longest datagram that it takes; less than 512 means 512.
    package var datagramSize: UInt16
    package var version: UInt8
    /// It wants signatures.
    package var wantsSignatures: Bool
    /// Options as they are on the wire.
    package var options: [UInt8]

    package init(datagramSize: UInt16, version: UInt8 = 0, wantsSignatures: Bool = false, options: [UInt8] = []) {
        self.datagramSize = datagramSize
        self.version = version
        self.wantsSignatures = wantsSignatures
        self.options = options
    }
}
