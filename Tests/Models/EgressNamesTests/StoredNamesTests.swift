import EgressNames
import Foundation
import Testing

@Suite("What was learned, written down")
struct StoredNamesTests {
    @Test("is read again as it was, and refused with its place when it is damaged")
    func stored() throws {
        var names = LearnedNames()
        _ = try names.mention(["**.example"], by: "a")
        _ = try names.teach("a", "a\\.b.example", ["a\\.b.example 9 192.0.2.1"])
        _ = try names.teach("a", "W.example AAAA", ["w.example 9 2001:db8::1"])
        let text = String(decoding: try JSONEncoder().encode(names.entries), as: UTF8.self)
        #expect(try JSONDecoder().decode([LearnedAddress].self, from: Data(text.utf8)) == names.entries)
        for (good, bad) in [("192.0.2.1", "192.0.2"), ("shop", ""), ("W.example", "W..example")] {
            #expect(text.contains(good))
            let damaged = Data(text.replacing(good, with: bad).utf8)
            #expect(throws: DecodingError.self) { try JSONDecoder().decode([LearnedAddress].self, from: damaged) }
        }
    }
}
