import AddressAllocation
import NetworkTypes
import TestRandom
import Testing

@Suite struct NetIDAllocatorTests {
    private func id(_ value: UInt32) throws -> VNID { try #require(VNID(value)) }

    @Test("default is global, others count from 10, and asking again gives the same id")
    func order() throws {
        var allocator = NetIDAllocator()
        #expect(try allocator.allocate(for: "default") == .global)
        #expect(try allocator.allocate(for: "a").value == 10)
        #expect(try allocator.allocate(for: "b").value == 11)
        #expect(try allocator.allocate(for: "a").value == 10)
    }

    @Test("a freed id is not given again at once, and a shared one only when its last namespace is gone")
    func freed() throws {
        var allocator = NetIDAllocator(used: ["a": try id(10), "joined": try id(10), "c": try id(12)])
        allocator.release("c")
        #expect(try allocator.allocate(for: "d").value == 13)
        allocator.release("a")
        #expect(allocator.id(of: "joined")?.value == 10)
        allocator.release("joined")
        #expect(try allocator.allocate(for: "e").value == 14)
    }

    @Test("after the last id, counting starts again at 10 and skips what is used")
    func wrap() throws {
        var allocator = NetIDAllocator(used: ["last": .last, "ten": try id(10)])
        #expect(try allocator.allocate(for: "a").value == 11)
    }

    @Test("reserved ids that exist are kept and never given")
    func reserved() throws {
        var allocator = NetIDAllocator(used: ["infra": try id(1), "g": .global])
        #expect(try allocator.allocate(for: "a").value == 10)
        #expect(allocator.id(of: "infra")?.value == 1)
    }

    @Test("random sequences: no two namespaces with one id, none reserved", arguments: 0..<20 as Range<UInt64>)
    func model(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var allocator = NetIDAllocator()
        var ids: [String: VNID] = [:]
        for _ in 0..<300 {
            let name = "n\(Int.random(in: 0..<30, using: &generator))"
            if Bool.random(using: &generator) {
                let id = try allocator.allocate(for: name)
                #expect(id >= .firstForProjects)
                #expect(ids[name] == nil || ids[name] == id)
                ids[name] = id
                #expect(Set(ids.values).count == ids.count)
            } else {
                allocator.release(name)
                ids[name] = nil
            }
            #expect(allocator.id(of: name) == ids[name])
        }
    }
}
