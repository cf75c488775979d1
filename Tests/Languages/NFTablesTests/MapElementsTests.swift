import NFTables
import NetworkTypes
import Testing

@Suite struct MapElementsTests {
    private static func key(_ number: Int) -> ElementKey { ElementKey(.mark(UInt32(number)), .port(80)) }

    private static func elements(_ count: Int) -> MapElements {
        var elements = MapElements()
        for number in 0..<count { elements[key(number)] = .verdict(.accept) }
        return elements
    }

    @Test("copies with different changes have each its own, and equal ones are equal however they came about")
    func copies() {
        let first = Self.elements(1000)
        var second = first
        second[Self.key(7)] = .verdict(.drop)
        second[Self.key(8)] = nil
        second[Self.key(5000)] = .data(Self.key(1))
        #expect(first == Self.elements(1000) && first != second)
        #expect((first[Self.key(7)], first.count) == (.verdict(.accept), 1000))
        #expect((second[Self.key(7)], second[Self.key(8)], second.count) == (.verdict(.drop), nil, 1000))
        #expect(Set(second.filter { first[$0.key] != $0.value }.keys) == [Self.key(7), Self.key(5000)])
        second[Self.key(7)] = .verdict(.accept)
        second[Self.key(8)] = .verdict(.accept)
        let removed = second.removeValue(forKey: Self.key(5000))
        #expect(removed == .data(Self.key(1)))
        #expect(first == second && first.hashValue == second.hashValue)
    }

    @Test("500 changes of copies of 20,000 elements take less than making those elements")
    func cost() {
        let clock = ContinuousClock()
        var best: (making: Duration, changing: Duration) = (.seconds(100), .seconds(100))
        for _ in 0..<5 {
            var elements = MapElements()
            best.making = min(best.making, clock.measure { elements = Self.elements(20_000) })
            var copies: [MapElements] = []
            let changing = clock.measure {
                for number in 0..<500 {
                    copies.append(elements)
                    elements[Self.key(number)] = .verdict(.drop)
                }
            }
            best.changing = min(best.changing, changing)
            #expect(copies[499] != elements)
        }
        #expect(best.changing < best.making, "\(best)")
    }
}
