import NetworkTypes
import TestRandom
import Testing

@testable import DatapathCompiler

@Suite struct FirstMatchTests {
    @Test(
        "each address belongs to the first list that has it, in disjoint ranges as few as there can be",
        arguments: 0..<200)
    func random(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let family: IPAddress.Family = seed.isMultiple(of: 2) ? .v4 : .v6
        // The last 64 addresses of the family, its very last among them.
        let all = family == .v4 ? UInt128(UInt32.max) : .max
        let lists = (0..<Int.random(in: 1...12, using: &random)).map { _ in
            (0..<Int.random(in: 0...4, using: &random)).compactMap { _ -> CIDR? in
                let length = family.bitWidth - Int.random(in: 0...6, using: &random)
                let bits = all - UInt128.random(in: 0..<64, using: &random)
                return CIDR(IPAddress(family: family, bits: bits), prefixLength: length)
            }
        }
        let ranges = FirstMatch(lists, family).ranges
        for (range, next) in zip(ranges, ranges.dropFirst()) {
            #expect(range.last < next.first, "seed \(seed)")
            #expect(range.list != next.list || range.last.bits + 1 < next.first.bits, "seed \(seed): not joined")
        }
        for offset in 0..<UInt128(64) {
            let address = IPAddress(family: family, bits: all - offset)
            let wanted = lists.firstIndex { $0.contains { $0.contains(address) } }
            let found = ranges.filter { ($0.first...$0.last).contains(address) }.map(\.list)
            #expect(found == (wanted.map { [$0] } ?? []), "seed \(seed): \(address)")
        }
    }

    @Test("lists of the other family, and none at all, give nothing")
    func nothing() throws {
        #expect(FirstMatch([], .v4).ranges.isEmpty)
        #expect(FirstMatch([[try #require(CIDR("10.0.0.0/8"))]], .v6).ranges.isEmpty)
    }

    @Test("everything is one range")
    func everything() throws {
        let lists = [[try #require(CIDR("10.0.0.0/8"))], [try #require(CIDR("0.0.0.0/0"))]]
        #expect(
            FirstMatch(lists, .v4).ranges.map { "\($0.first)-\($0.last) \($0.list)" } == [
                "0.0.0.0-9.255.255.255 1", "10.0.0.0-10.255.255.255 0", "11.0.0.0-255.255.255.255 1",
            ])
    }
}
