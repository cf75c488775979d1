import CLinux

/// A read-only part of a received message.
///
/// Reading beyond its end gives nil, never a crash.
package struct NetlinkView: Sendable {
    private let storage: [UInt8]
    private let range: Range<Int>

    package init(_ bytes: [UInt8]) {
        storage = bytes
        range = 0..<bytes.count
    }

    private init(_ storage: [UInt8], _ range: Range<Int>) {
        self.storage = storage
        self.range = range
    }

    package var count: Int { range.count }

    package var bytes: [UInt8] { Array(storage[range]) }

    /// A number in host byte order; nil when the view is too short.
    package func number<Value: FixedWidthInteger & BitwiseCopyable>(_ type: Value.Type = Value.self, at offset: Int = 0)
        -> Value?
    {
        structure(type, at: offset)
    }

    /// A number in network byte order; nil when the view is too short.
    package func bigEndian<Value: FixedWidthInteger & BitwiseCopyable>(
        _ type: Value.Type = Value.self, at offset: Int = 0
    ) -> Value? {
        structure(type, at: offset).map { Value(bigEndian: $0) }
    }

    /// A C structure as it lies in memory; nil when the view is too short.
    package func structure<Value: BitwiseCopyable>(_ type: Value.Type = Value.self, at offset: Int = 0) -> Value? {
        guard offset >= 0, offset <= range.count, MemoryLayout<Value>.size <= range.count - offset else { return nil }
        return storage.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: range.lowerBound + offset, as: type) }
    }

    /// Text up to the first zero byte.
    package var text: String { String(decoding: storage[range].prefix { $0 != 0 }, as: UTF8.self) }

    /// What follows the first `count` bytes (rounded up to four, as netlink pads); empty when there is no more.
    package func dropFirst(_ count: Int) -> NetlinkView {
        let start = min(range.upperBound, range.lowerBound + (max(0, count) + 3) & ~3)
        return NetlinkView(storage, start..<range.upperBound)
    }

    /// The first `count` bytes, or as many as there are.
    package func prefix(_ count: Int) -> NetlinkView {
        NetlinkView(storage, range.lowerBound..<min(range.upperBound, range.lowerBound + max(0, count)))
    }

    /// The view read as a run of attributes.
    ///
    /// Ends at the first that does not fit.
    package var attributes: Attributes { Attributes(self) }

    /// What follows a family header of type `Header`, read as attributes.
    package func attributes<Header: BitwiseCopyable>(after header: Header.Type) -> Attributes {
        dropFirst(MemoryLayout<Header>.size).attributes
    }

    package struct Attributes: Sequence, Sendable {
        private let view: NetlinkView

        init(_ view: NetlinkView) { self.view = view }

        package func makeIterator() -> Iterator { Iterator(rest: view) }

        /// The first attribute of a type.
        package subscript(_ type: some BinaryInteger) -> NetlinkView? {
            let wanted = UInt16(truncatingIfNeeded: type)
            return first { $0.type == wanted }?.value
        }
    }

    package struct Iterator: IteratorProtocol {
        var rest: NetlinkView

        /// The type without the nested and byte order flags, and the value.
        package mutating func next() -> (type: UInt16, value: NetlinkView)? {
            guard let length = rest.number(UInt16.self), let type = rest.number(UInt16.self, at: 2) else { return nil }
            let size = Int(length)
            guard size >= 4, size <= rest.count else { return nil }
            let value = NetlinkView(rest.storage, rest.range.lowerBound + 4..<rest.range.lowerBound + size)
            rest = rest.dropFirst(size)
            return (type & ~(UInt16(NLA_F_NESTED) | UInt16(NLA_F_NET_BYTEORDER)), value)
        }
    }
}
