import EgressAddressModel
import NetworkTypes
import Testing

@Suite struct FencedAddressesTests {
    private let a = IPAddress(v4: 0xC000_0201)
    private let b = IPAddress(v4: 0xC000_0202)
    private let retention = FencedAddresses.retention

    @Test("an address on its way from one node to another is known all the time")
    func onItsWay() {
        var fenced = FencedAddresses(inherited: [], at: 0)
        #expect(fenced.update([a, b], at: 1_000) == [a, b])
        #expect(fenced.update([b], at: 2_000) == [a, b], "nobody has it yet")
        #expect(fenced.update([a, b], at: 3_000) == [a, b])
        #expect(fenced.update([a, b], at: 3_000 + 2 * retention) == [a, b], "it is somebody's again")
    }

    @Test("what nobody has any more is forgotten after ten minutes, from when it was last somebody's")
    func forgotten() {
        var fenced = FencedAddresses(inherited: [], at: 0)
        _ = fenced.update([a], at: 1_000)
        _ = fenced.update([a], at: 50_000)
        #expect(fenced.update([], at: 60_000) == [a])
        #expect(fenced.update([], at: 60_000 + retention - 1) == [a])
        #expect(fenced.update([], at: 60_000 + retention) == [])
    }

    @Test("a fresh process goes on with what its predecessor's fence was about")
    func inherited() {
        var fenced = FencedAddresses(inherited: [a], at: 5_000)
        #expect(fenced.update([b], at: 6_000) == [a, b])
        #expect(fenced.update([b], at: 5_000 + retention) == [b])
    }
}
