import AddressAllocation
import NetworkTypes
import TestRandom
import Testing

@Suite struct ServiceRangesTests {
    private static func range(_ text: String) throws -> ServiceAddressRange {
        ServiceAddressRange(try #require(CIDR(text)))
    }

    /// A range, an address, and whether a service may have it.
    static let choices: [(String, String, Bool)] = [
        ("172.30.0.0/16", "172.30.0.0", false), ("172.30.0.0/16", "172.30.0.1", true),
        ("172.30.0.0/16", "172.30.255.254", true), ("172.30.0.0/16", "172.30.255.255", false),
        ("172.30.0.0/16", "172.31.0.1", false), ("172.30.0.0/16", "fd02::1", false),
        ("fd02::/112", "fd02::", false), ("fd02::/112", "fd02::ffff", true), ("fd02::/112", "fd02::1:0", false),
        // Draws go over the first of them, people may choose any.
        ("fd02::/64", "fd02::1:2:3:4", true), ("10.0.0.0/32", "10.0.0.0", false),
    ]

    @Test("neither the network's own address nor IPv4's broadcast may be chosen", arguments: choices)
    func chooses(_ range: String, _ address: String, _ isFine: Bool) throws {
        #expect(try Self.range(range).contains(try #require(IPAddress(address))) == isFine)
    }

    /// A range, how many addresses it has for draws, and its lower band.
    static let sizes: [(String, UInt64, UInt64)] = [
        ("10.0.0.0/30", 2, 0), ("10.0.0.0/28", 14, 0), ("10.0.0.0/24", 254, 16), ("10.0.0.0/20", 4_094, 256),
        ("172.30.0.0/16", 65_534, 256), ("fd02::/112", 65_535, 256), ("fd02::/64", 65_535, 256),
        ("10.0.0.0/31", 0, 0), ("10.0.0.0/32", 0, 0), ("fd02::/128", 0, 0), ("::/0", 65_535, 256),
    ]

    @Test("draws leave the lower band alone until the rest is taken, and then give it too", arguments: sizes)
    func keepsBand(_ text: String, _ capacity: UInt64, _ band: UInt64) throws {
        let range = try Self.range(text)
        #expect(range.capacity == capacity)
        let lowest = { (count: UInt64) in
            IPAddress(family: range.family, bits: range.cidr.address.bits + UInt128(count))
        }
        guard capacity > 0 else {
            #expect(range.free(from: 0) { _ in false } == nil)
            return
        }
        #expect(range.free(from: 0) { _ in false } == lowest(band + 1))
        let last = range.free(from: capacity - band - 1) { _ in false }
        #expect(last == lowest(capacity))
        let isUpper = { (address: IPAddress) in address > lowest(band) }
        #expect(range.free(from: 7) { isUpper($0) } == (band == 0 ? nil : lowest(7 % band + 1)))
        #expect(range.free(from: 7) { _ in true } == nil)
    }

    @Test("a random sequence of draws and releases gives what a plain list of the free ones allows", arguments: 0..<30)
    func agreesWithList(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let range = try Self.range(random.pick(["10.0.0.0/27", "10.0.0.0/26", "fd00::/123", "10.0.0.0/29"]))
        let all = (1...range.capacity).compactMap { range.cidr.address.advanced(by: UInt128($0)) }
        let size = range.family == .v4 ? all.count + 2 : all.count + 1
        let upper = Set(all.dropFirst(size <= 16 ? 0 : 16))
        var taken: Set<IPAddress> = []
        for _ in 0..<200 {
            if let released = taken.sorted().first, random.once(in: 3) {
                taken.remove(random.once(in: 2) ? released : taken.max() ?? released)
            } else if let drawn = range.free(from: random.next(), isTaken: taken.contains) {
                let free = upper.subtracting(taken).isEmpty ? Set(all).subtracting(taken) : upper.subtracting(taken)
                #expect(free.contains(drawn))
                taken.insert(drawn)
            } else {
                #expect(taken.count == all.count)
            }
        }
    }

    @Test("every free address is found, wherever the search begins")
    func findsTheLastOne() throws {
        let range = try Self.range("10.0.0.0/25")
        for left in 1...126 {
            let only = try #require(range.cidr.address.advanced(by: UInt128(left)))
            for start in stride(from: UInt64(0), through: 300, by: 7) {
                #expect(range.free(from: start) { $0 != only } == only)
            }
        }
    }

    /// A text and what it is read as.
    static let portRanges: [(String, String?)] = [
        ("30000-32767", "30000-32767"), ("80-80", "80"), ("0-10", nil), ("10-9", nil), ("10", nil), ("", nil),
        ("1-70000", nil), ("1-2-3", nil), ("a-b", nil),
    ]

    @Test("a range of node ports is two ports, the first not above the second", arguments: portRanges)
    func readsPorts(_ text: String, _ read: String?) { #expect(NodePortRange(text)?.description == read) }

    @Test("drawn node ports keep off the lower band, and every port is given in the end")
    func drawsPorts() throws {
        #expect(NodePortRange.standard.free(from: 0) { _ in false } == 30_086)
        let small = try #require(NodePortRange("40000-40099"))
        var taken: Set<UInt16> = []
        while let port = small.free(from: 12_345, isTaken: taken.contains) {
            #expect(taken.count >= 84 || port >= 40_016)
            taken.insert(port)
        }
        #expect(taken.count == 100)
    }
}
