extension Sequence<UInt8> {
    /// The 64-bit FNV-1a hash: the same in every process and on every machine, unlike `Hasher`.
    package var fnv1a: UInt64 {
        reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}

extension String {
    /// Sixteen hexadecimal digits of `fnv1a` over the UTF-8 bytes: the stable part of names we give to kernel objects.
    package var stableHash: String {
        let digits = String(utf8.fnv1a, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
