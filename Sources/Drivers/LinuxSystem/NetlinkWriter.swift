import CLinux

/// Writes a netlink payload: structures and attributes, padded to four bytes.
package struct NetlinkWriter: Sendable, Hashable {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package init(bytes: [UInt8]) { self.bytes = bytes }

    /// A payload that begins with the family's header, such as `ifinfomsg`.
    package init(header: some BitwiseCopyable) { append(header) }

    /// A C structure as it lies in memory.
    package mutating func append(_ structure: some BitwiseCopyable) {
        withUnsafeBytes(of: structure) { bytes.append(contentsOf: $0) }
        pad()
    }

    /// An attribute of raw bytes.
    package mutating func put(_ type: some BinaryInteger, bytes value: some Collection<UInt8>) {
        let length = UInt16(4 + value.count)
        withUnsafeBytes(of: length) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: UInt16(truncatingIfNeeded: type)) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: value)
        pad()
    }

    /// An attribute of one number in host byte order, as rtnetlink has them.
    ///
    /// The number's type is its width.
    package mutating func put(_ type: some BinaryInteger, _ value: some FixedWidthInteger & BitwiseCopyable) {
        withUnsafeBytes(of: value) { put(type, bytes: $0) }
    }

    /// An attribute of one number in network byte order, as nfnetlink has them.
    package mutating func put<Value: FixedWidthInteger & BitwiseCopyable>(
        _ type: some BinaryInteger, bigEndian value: Value
    ) {
        put(type, value.bigEndian)
    }

    /// An attribute of a C structure.
    package mutating func put(_ type: some BinaryInteger, structure: some BitwiseCopyable) {
        withUnsafeBytes(of: structure) { put(type, bytes: $0) }
    }

    /// An attribute of text with its terminating zero.
    package mutating func put(_ type: some BinaryInteger, text: String) {
        put(type, bytes: Array(text.utf8) + [0])
    }

    /// An attribute without a value.
    package mutating func put(flag type: some BinaryInteger) {
        put(type, bytes: EmptyCollection())
    }

    /// An attribute that holds what `body` writes.
    package mutating func nest(
        _ type: some BinaryInteger, flagged: Bool = true, _ body: (inout NetlinkWriter) throws -> Void
    ) rethrows {
        let start = bytes.count
        put(UInt16(truncatingIfNeeded: type) | (flagged ? UInt16(NLA_F_NESTED) : 0), bytes: EmptyCollection())
        try body(&self)
        let length = UInt16(bytes.count - start)
        withUnsafeBytes(of: length) { bytes.replaceSubrange(start..<start + 2, with: $0) }
    }

    private mutating func pad() {
        while bytes.count % 4 != 0 { bytes.append(0) }
    }
}
