import AddressAllocation
import Foundation
import NetworkTypes
import TestRandom
import Testing

private func owner(_ number: Int) -> AddressOwner { AddressOwner(containerID: "c\(number)", interface: "eth0") }

@Suite struct AddressPoolTests {
    private func pool(_ subnets: String..., quarantine: Int64 = 60) throws -> AddressPool {
        AddressPool(subnets: try subnets.map { try #require(CIDR($0)) }, quarantine: quarantine)
    }

    @Test(
        "network, node and broadcast addresses are never given",
        arguments: [
            ("10.1.0.0/29", ["10.1.0.2", "10.1.0.3", "10.1.0.4", "10.1.0.5", "10.1.0.6"]),
            ("10.1.0.0/30", ["10.1.0.2"]),
            ("10.1.0.0/31", []), ("10.1.0.0/32", []), ("fd00::/126", ["fd00::2", "fd00::3"]), ("fd00::/127", []),
            ("255.255.255.252/30", ["255.255.255.254"]),
        ])
    func reserved(subnet: String, given: [String]) throws {
        var pool = try pool(subnet)
        var addresses: [String] = []
        while let next = try? pool.allocate(for: owner(addresses.count), now: 0) {
            addresses += next.map(\.description)
        }
        #expect(addresses == given)
        #expect(AddressPool.capacity(of: try #require(CIDR(subnet))) == UInt128(given.count))
    }

    @Test("an owner gets one address of each subnet, and the same when it asks again")
    func dualStack() throws {
        var pool = try pool("10.1.0.0/24", "fd00::/64")
        let first = try pool.allocate(for: owner(1), now: 0)
        #expect(first.map(\.description) == ["10.1.0.2", "fd00::2"])
        #expect(try pool.allocate(for: owner(1), now: 5) == first)
        #expect(pool.allocations.count == 1)
        #expect(pool.owner(of: first[1]) == owner(1))
    }

    @Test("when one family is exhausted, none gives an address")
    func allOrNothing() throws {
        var pool = try pool("10.1.0.0/24", "fd00::/126")
        _ = try pool.allocate(for: owner(1), now: 0)
        _ = try pool.allocate(for: owner(2), now: 0)
        let before = pool
        let error = #expect(throws: AllocationError.self) { try pool.allocate(for: owner(3), now: 0) }
        #expect(error?.description.contains("no free address in fd00::/126: 2 of 2 are in use") == true)
        #expect(pool == before)
    }

    @Test("a released address rests for its quarantine, then its turn comes with the pointer")
    func quarantine() throws {
        var pool = try pool("10.1.0.0/29")
        for number in 0..<5 { _ = try pool.allocate(for: owner(number), now: 0) }
        pool.release(owner(3), now: 100)
        pool.release(owner(1), now: 110)
        // Only resting addresses are left: the one released first goes first.
        #expect(try pool.allocate(for: owner(10), now: 120).map(\.description) == ["10.1.0.5"])
        pool.release(owner(10), now: 130)
        // The quarantine of .3 is over, that of .5 is not.
        #expect(try pool.allocate(for: owner(11), now: 171).map(\.description) == ["10.1.0.3"])
    }

    @Test("a clock that was set back frees resting addresses instead of holding them for ever")
    func clockSetBack() throws {
        var pool = try pool("10.1.0.0/29")
        for number in 0..<5 { _ = try pool.allocate(for: owner(number), now: 1_000_000) }
        pool.release(owner(0), now: 1_000_000)
        #expect(try pool.allocate(for: owner(9), now: 5).map(\.description) == ["10.1.0.2"])
    }

    @Test("known addresses are adopted, another's are not")
    func adoption() throws {
        var pool = try pool("10.1.0.0/24")
        let two = try #require(IPAddress("10.1.0.2"))
        try pool.adopt([two], for: owner(1))
        #expect(throws: AllocationError.taken(two, by: owner(1))) { try pool.adopt([two], for: owner(2)) }
        #expect(try pool.allocate(for: owner(1), now: 0) == [two])
        #expect(try pool.allocate(for: owner(2), now: 0).map(\.description) == ["10.1.0.3"])
    }

    @Test("without a subnet nothing is given, and held addresses survive a change of subnets")
    func subnets() throws {
        var pool = AddressPool(subnets: [])
        #expect(throws: AllocationError.noSubnet) { try pool.allocate(for: owner(1), now: 0) }
        pool.replaceSubnets([try #require(CIDR("10.1.0.0/24"))])
        let old = try pool.allocate(for: owner(1), now: 0)
        pool.replaceSubnets([try #require(CIDR("10.2.0.0/24"))])
        #expect(try pool.allocate(for: owner(1), now: 0) == old)
        #expect(try pool.allocate(for: owner(2), now: 0).map(\.description) == ["10.2.0.2"])
    }

    @Test("a saved pool that gives one address to two owners is refused")
    func corrupted() {
        let text = #"""
            {"subnets":["10.1.0.0/24"],"quarantine":60,"released":[],"pointers":[],"held":[
            {"owner":{"containerID":"a","interface":"e"},"addresses":["10.1.0.2"]},
            {"owner":{"containerID":"b","interface":"e"},"addresses":["10.1.0.2"]}]}
            """#
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(AddressPool.self, from: Data(text.utf8)) }
    }

    @Test(
        "random sequences: no address twice, none outside, resting ones last, saved state equal",
        arguments: 0..<16 as Range<UInt64>)
    func model(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let subnet = try #require(CIDR(seed.isMultiple(of: 2) ? "10.7.3.0/28" : "fd00:7::/124"))
        var pool = AddressPool(subnets: [subnet], quarantine: 20)
        var taken: [AddressOwner: IPAddress] = [:]
        var releasedAt: [IPAddress: Int64] = [:]
        let capacity = Int(AddressPool.capacity(of: subnet))
        for step in 0..<300 {
            let now = Int64(step)
            let who = owner(Int.random(in: 0..<20, using: &generator))
            if Int.random(in: 0..<3, using: &generator) > 0 {
                let had = taken[who]
                guard let address = try? pool.allocate(for: who, now: now).first else {
                    #expect(taken.count == capacity)
                    continue
                }
                if let had { #expect(address == had) } else { #expect(!taken.values.contains(address)) }
                #expect(subnet.contains(address) && address != subnet.address)
                #expect(address != AddressPool.nodeAddress(of: subnet))
                if had == nil, let rested = releasedAt[address], now - rested < 20 {
                    let resting = releasedAt.filter { !taken.values.contains($0.key) && now - $0.value < 20 }
                    #expect(taken.count + resting.count == capacity)
                    #expect(resting.values.min() == rested)
                }
                taken[who] = address
            } else if let address = taken.removeValue(forKey: who) {
                #expect(pool.release(who, now: now) == [address])
                releasedAt[address] = now
            } else {
                #expect(pool.release(who, now: now).isEmpty)
            }
            let saved = try JSONEncoder().encode(pool)
            pool = try JSONDecoder().decode(AddressPool.self, from: saved)
            #expect(pool.allocations.mapValues(\.first) == taken.mapValues(Optional.some))
        }
    }

    @Test("the saved state of equal pools is equal, and reading it gives the same pool")
    func roundTrip() throws {
        var pool = try pool("10.1.0.0/24", "fd00::/64")
        for number in 0..<50 { _ = try pool.allocate(for: owner(number), now: 0) }
        for number in 0..<10 { pool.release(owner(number), now: 7) }
        let saved = try JSONEncoder().encode(pool)
        #expect(try JSONDecoder().decode(AddressPool.self, from: saved) == pool)
    }
}
