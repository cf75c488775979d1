import ClusterAPI
import EmbeddedAPI
import TestRandom
import Testing

@Suite("JSON text of the embedded API")
struct StoreJSONTests {
    @Test("documents read as RFC 8259 says", arguments: readings)
    func reads(text: String, value: JSONValue) throws {
        #expect(try JSONText.decode(text.utf8) == value)
    }

    @Test(
        "text that is not JSON is refused",
        arguments: [
            "", "{", "[1,]", "{\"a\":1,}", "{a:1}", "01", "1.", "-", "tru", "\"\u{1}\"", "\"\\x\"", "\"abc", "1 2",
            "[\"\\ud8\"]", "nan", "+1", "{\"a\" 1}",
        ])
    func refuses(text: String) {
        #expect(throws: JSONTextError.self) { try JSONText.decode(text.utf8) }
    }

    @Test("text that is not UTF-8 is refused")
    func refusesBytes() {
        #expect(throws: JSONTextError.self) { try JSONText.decode([0x22, 0xFF, 0x22]) }
    }

    @Test("damaged text is refused or read, and what is read survives writing", arguments: 1...4)
    func survivesDamage(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let sound = Array(
            #"{"kind":"Pod","metadata":{"name":"a","labels":{"x":"\u00e9\n"}},"spec":{"n":[1,-2.5e3,true,null,{}]}}"#
                .utf8)
        for round in 0..<5_000 {
            var text = sound
            for _ in 0...(round % 4) {
                let place = random.below(text.count)
                switch random.below(3) {
                case 0: text[place] = UInt8.random(in: 0...255, using: &random)
                case 1: text.remove(at: place)
                default: text.insert(contentsOf: text[place...].prefix(random.below(20)), at: place)
                }
            }
            guard let value = try? JSONText.decode(text) else { continue }
            #expect(try JSONText.decode(JSONText.encode(value)) == value)
        }
    }

    @Test("what is written reads back the same")
    func roundTrips() throws {
        let value: JSONValue = [
            "text": "\"\\\u{0}\u{1F}\n\t é 😀", "numbers": [0, -1, .int(.max), .double(0.1), .double(-1.5e300)],
            "nested": [[], [:], [["a": [.null]]]], "": true,
        ]
        #expect(try JSONText.decode(JSONText.encode(value)) == value)
    }
}

private let readings: [(String, JSONValue)] = [
    ("{}", [:]), (" [1, -2 ,3.5,1e3] ", [1, -2, .double(3.5), 1000]),
    ("{\"a\":{\"b\":[null,true,false]}}", ["a": ["b": [.null, true, false]]]),
    (#""\u00e9\ud83d\ude00\n\/""#, "é😀\n/"), (#""\ud83d!""#, "\u{FFFD}!"),
    ("9223372036854775807", .int(.max)), ("-9223372036854775808", .int(.min)),
    ("9223372036854775808", .double(9_223_372_036_854_775_808)),
]
