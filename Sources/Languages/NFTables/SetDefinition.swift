/// What cannot change about a named set or map without making it anew.
package struct SetDefinition: Hashable, Sendable {
    /// What a map leads to.
    package enum MapData: Hashable, Sendable {
        case verdict
        /// One type, or a concatenation as in `ipv4_addr . inet_service`.
        case values([DataType])
    }

    package struct Flags: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Elements may be ranges.
        package static let interval = Flags(rawValue: 1)
        /// Elements may expire.
        package static let timeout = Flags(rawValue: 2)
        /// Packets or other processes add elements: a set begins with those of its plan, and from then on plans leave them alone.
        package static let dynamic = Flags(rawValue: 4)
    }

    package var key: [DataType]
    /// Nil for a set.
    package var data: MapData?
    package var flags: Flags
    /// The default lifetime of elements in seconds; needs the flag `timeout`.
    package var timeout: UInt64?
    /// The greatest number of elements; nil is without limit.
    package var size: UInt32?

    package init(
        key: [DataType], data: MapData? = nil, flags: Flags = [], timeout: UInt64? = nil, size: UInt32? = nil
    ) {
        self.key = key
        self.data = data
        self.flags = flags
        self.timeout = timeout
        self.size = size
    }
}
