import APIMachinery
import ClusterAPI
import TestRandom
import Testing

@Suite struct MergePatchTests {
    /// RFC 7386, appendix A: target, patch, result.
    static let cases: [(String, String, String)] = [
        (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
        (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
        (#"{"a":"b"}"#, #"{"a":null}"#, #"{}"#),
        (#"{"a":"b","b":"c"}"#, #"{"a":null}"#, #"{"b":"c"}"#),
        (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
        (#"{"a":"c"}"#, #"{"a":["b"]}"#, #"{"a":["b"]}"#),
        (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
        (#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#),
        (#"["a","b"]"#, #"["c","d"]"#, #"["c","d"]"#),
        (#"{"a":"b"}"#, #"["c"]"#, #"["c"]"#),
        (#"{"a":"foo"}"#, "null", "null"),
        (#"{"e":null}"#, #"{"a":1}"#, #"{"e":null,"a":1}"#),
        (#"[1,2]"#, #"{"a":"b","c":null}"#, #"{"a":"b"}"#),
        ("{}", #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
    ]

    @Test("a merge patch does what RFC 7386 says", arguments: cases)
    func applies(_ target: String, _ patch: String, _ result: String) throws {
        #expect(MergePatch.apply(try json(patch), to: try json(target)) == (try json(result)))
    }

    @Test("applying the difference of two documents leads from one to the other", arguments: 0..<30)
    func differenceLeadsThere(_ seed: Int) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let old = random.object(depth: 4, nulls: false)
            let new = random.object(depth: 4, nulls: false)
            let patch = MergePatch.difference(from: old, to: new)
            #expect(MergePatch.apply(patch, to: old) == new)
            #expect(MergePatch.apply(patch, to: MergePatch.apply(patch, to: old)) == new)
        }
    }
}
