import Foundation
import ManifestFiles
import Testing

/// Texts that try to bring the reader down.
@Suite struct HostileManifestTests {
    @Test("aliases that unfold to billions are refused")
    func aliasBomb() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1..<12 {
            let list = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(list)]\n"
        }
        #expect(throws: ManifestError.self) { try ManifestReader.parse(Data(text.utf8), file: "bomb.yaml") }
    }

    @Test("deep nesting is refused, not followed", arguments: ["[", "{\"a\":", "- ", "{a: "])
    func depth(opening: String) {
        for count in [300, 100_000] {
            let text = String(repeating: opening, count: count)
            #expect(throws: ManifestError.self) { try ManifestReader.parse(Data(text.utf8), file: "deep") }
        }
    }

    @Test("random bytes and damaged manifests give objects or an error, never a crash", arguments: 0..<20)
    func fuzz(seed: UInt64) {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
        func random(_ limit: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(limit))
        }
        let sample = Array(
            """
            apiVersion: v1
            kind: List
            items:
            - {apiVersion: v1, kind: Pod, metadata: {name: "p\\u00e9", labels: &l {a: 'b'}}, status: {podIP: 10.0.0.1}}
            - apiVersion: networking.k8s.io/v1
              kind: NetworkPolicy
              metadata: {name: n, annotations: *l}
              spec: {ingress: [{ports: [{port: 80, endPort: 81}], from: [{ipBlock: {cidr: "::/0"}}]}]}
            ---
            {"apiVersion": "v1", "kind": "PodList", "items": [{"metadata": {"name": "\\ud83d\\ude00"}}]}
            """.utf8)
        let alphabet = Array("{}[]:,-&*!|>'\"%@`#?~<=\\ \n\t\r0aü\u{0}\u{FEFF}".utf8)
        for _ in 0..<60 {
            var bytes = sample
            if random(4) == 0 { bytes = (0..<random(300)).map { _ in UInt8(random(256)) } }
            for _ in 0..<random(12) where !bytes.isEmpty {
                let place = random(bytes.count)
                switch random(3) {
                case 0: bytes[place] = alphabet[random(alphabet.count)]
                case 1: bytes.insert(alphabet[random(alphabet.count)], at: place)
                default: bytes.removeSubrange(place..<min(bytes.count, place + random(9)))
                }
            }
            guard let objects = try? ManifestReader.parse(Data(bytes), file: "fuzz") else { continue }
            // What was read has places in the file.
            #expect(objects.allSatisfy { $0.line >= 1 }, "seed \(seed)")
        }
    }
}
