import PolicyEngine
import Testing

/// What each field of a NetworkPolicy means: a table of promises.
@Suite struct SemanticsTests {
    @Test("peers mean what the API says", arguments: SemanticCases.peers)
    func peer(example: SemanticCase) { check(example) }

    @Test("isolation and its absence mean what the API says", arguments: SemanticCases.isolation)
    func isolation(example: SemanticCase) { check(example) }

    @Test("ports mean what the API says", arguments: SemanticCases.ports)
    func port(example: SemanticCase) { check(example) }

    private func check(_ example: SemanticCase) {
        var scene = Scene()
        for policy in example.policies { scene.engine.upsert(policy) }
        for question in example.allowed {
            let verdict = scene.verdict(question)
            #expect(verdict.allowed, "\(question): \(verdict.rule)")
        }
        for question in example.denied {
            let verdict = scene.verdict(question)
            #expect(!verdict.allowed, "\(question): \(verdict.rule)")
        }
    }
}
