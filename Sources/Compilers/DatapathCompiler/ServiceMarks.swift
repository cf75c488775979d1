import NFTables

/// The packet marks that carry a choice from one rule to the next.
///
/// Only first packets of connections to services have them, and only inside this node: the kernel clears marks when a
/// packet enters a pod. `ip rule fwmark` of others should keep off `0x66000000/7`.
enum ServiceMarks {
    /// The first backend of a service; the others follow.
    static let firstChoice: UInt32 = 0x6700_0000
    /// The number of values that a choice may have.
    static let choices: UInt32 = 0x0100_0000
    /// To a service's address, where nobody serves.
    static let unserved: UInt32 = 0x6600_0000

    /// The packet is the first of a connection that was led to a backend.
    static let isChosen = Statement.maskedMark(firstChoice, mask: ~(choices - 1))
    static let isUnserved = Statement.match(.mark, .value(.mark(unserved)))
}
