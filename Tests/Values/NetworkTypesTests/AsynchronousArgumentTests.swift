import NetworkTypes
import Testing

/// Swift 6.3 lays a `UInt128` that does not fit into the registers on the stack where the asynchronous function that is called
/// does not take it off again: docs/decisions/0007-addresses-are-two-words.md.
@Suite struct AsynchronousArgumentTests {
    @inline(never)
    private func count(_ name: String, _ address: IPAddress, _ ports: [Int], _ others: [Int]) async -> Int {
        await Task.yield()
        return name.utf8.count + address.family.bitWidth + ports.count + others.count
    }

    @Test("an asynchronous function takes an address among many arguments, and comes back")
    func comesBack() async throws {
        for text in ["192.0.2.1", "2001:db8::1"] {
            let address = try #require(IPAddress(text))
            #expect(await count("name", address, [1], [2, 3]) == 4 + address.family.bitWidth + 3)
        }
    }
}
