package import NetworkTypes

/// What tells one flow from another: its true ends, the source before any translation and the destination after it.
package struct FlowKey: Hashable, Sendable {
    package var ipProtocol: UInt8
    package var source: IPAddress
    package var destination: IPAddress
    /// For ICMP the message's id; 0 where there is neither.
    package var sourcePort: UInt16
    /// For ICMP 256 times its type; 0 where there is neither.
    package var destinationPort: UInt16

    package init(
        ipProtocol: UInt8, source: IPAddress, destination: IPAddress, sourcePort: UInt16 = 0,
        destinationPort: UInt16 = 0
    ) {
        self.ipProtocol = ipProtocol
        self.source = source
        self.destination = destination
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
    }

    package mutating func setICMP(type: UInt8, id: UInt16) {
        sourcePort = id
        destinationPort = UInt16(type) << 8
    }

    /// The protocol, if policies can name it.
    package var transport: TransportProtocol? {
        TransportProtocol.allCases.first { $0.number(source.family) == ipProtocol }
    }

    /// The port that policies ask for; nil for protocols without ports.
    package var policyPort: UInt16? { transport?.hasPorts == true ? destinationPort : nil }
}
