import AddressAllocation
import NetworkTypes
import TestRandom
import Testing

@Suite struct SubnetAllocatorTests {
    private func cidr(_ text: String) throws -> CIDR { try #require(CIDR(text)) }

    @Test("ranges are used in their order, each family from its own")
    func ranges() throws {
        var allocator = SubnetAllocator(
            ranges: [try range("10.1.0.0/25", 6), try range("fd00::/63", 64), try range("10.9.0.0/26", 6)])
        let v4 = try (0..<3).map { _ in try allocator.allocate(.v4).description }
        #expect(v4 == ["10.1.0.0/26", "10.1.0.64/26", "10.9.0.0/26"])
        #expect(try allocator.allocate(.v6).description == "fd00::/64")
    }

    @Test("exhaustion names the ranges and changes nothing")
    func exhaustion() throws {
        var allocator = SubnetAllocator(ranges: [try range("10.1.0.0/26", 6)])
        let only = try allocator.allocate(.v4)
        let full = allocator
        let error = #expect(throws: AllocationError.self) { try allocator.allocate(.v4) }
        #expect(error?.description.contains("10.1.0.0/26 (6 host bits)") == true)
        #expect(allocator == full)
        allocator.release(only)
        #expect(try allocator.allocate(.v4) == only)
    }

    @Test("a freed subnet is given again after all others")
    func freedLast() throws {
        var allocator = SubnetAllocator(ranges: [try range("10.1.0.0/20", 8)])
        let first = try allocator.allocate(.v4)
        _ = try allocator.allocate(.v4)
        allocator.release(first)
        let rest = try (0..<15).map { _ in try allocator.allocate(.v4) }
        #expect(rest.last == first)
        #expect(!rest.dropLast().contains(first))
    }

    @Test("after a restart, counting goes on behind the last subnet in use")
    func restart() throws {
        let used = [try cidr("10.1.0.0/24"), try cidr("10.1.4.0/24")]
        var allocator = SubnetAllocator(ranges: [try range("10.1.0.0/16", 8)], used: used)
        #expect(try allocator.allocate(.v4).description == "10.1.5.0/24")
    }

    @Test(
        "subnets of other sizes and from outside are respected",
        arguments: ["10.1.0.0/23", "10.1.1.128/25", "10.0.0.0/8"])
    func foreign(text: String) throws {
        let foreign = try cidr(text)
        var allocator = SubnetAllocator(ranges: [try range("10.1.0.0/22", 8)], used: [foreign])
        while let subnet = try? allocator.allocate(.v4) { #expect(!subnet.overlaps(foreign)) }
        #expect(allocator.isUsed(foreign))
        allocator.release(foreign)
        #expect((try? allocator.allocate(.v4)) != nil)
    }

    @Test("random sequences agree with a naive model", arguments: 0..<40 as Range<UInt64>)
    func model(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let hostBits = Int.random(in: 4...9, using: &generator)
        let range = try range("10.32.0.0/22", hostBits)
        var allocator = SubnetAllocator(ranges: [range])
        var taken: [CIDR] = []
        // The naive model: a queue of free subnets that behaves like a pointer that walks around.
        var next: UInt128 = 0
        for _ in 0..<400 {
            if taken.isEmpty || Bool.random(using: &generator) {
                let order = (0..<range.count).map { (next + $0) % range.count }
                let expected = order.first { number in !taken.contains { range.number(of: $0) == number } }
                let subnet = try? allocator.allocate(.v4)
                #expect(subnet.flatMap(range.number) == expected)
                if let subnet, let expected {
                    #expect(!taken.contains { $0.overlaps(subnet) })
                    #expect(range.cidr.contains(subnet))
                    taken.append(subnet)
                    next = expected + 1
                }
            } else {
                allocator.release(taken.remove(at: Int.random(in: taken.indices, using: &generator)))
            }
        }
    }
}
