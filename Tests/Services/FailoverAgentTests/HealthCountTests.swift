import Testing

@testable import FailoverAgent

@Suite struct HealthCountTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let threshold: Int
        /// `+` and `-` for what was answered.
        let answers: String
        let verdict: Bool?
        var testDescription: String { "\(answers) by \(threshold)" }
    }

    static let cases = [
        Case(threshold: 2, answers: "", verdict: nil), Case(threshold: 2, answers: "+", verdict: nil),
        Case(threshold: 2, answers: "++", verdict: true), Case(threshold: 2, answers: "+-+", verdict: nil),
        Case(threshold: 2, answers: "++-", verdict: true), Case(threshold: 2, answers: "++--", verdict: false),
        Case(threshold: 2, answers: "++-+-", verdict: true), Case(threshold: 1, answers: "+", verdict: true),
        Case(threshold: 1, answers: "+-", verdict: false), Case(threshold: 0, answers: "+", verdict: true),
        Case(threshold: 3, answers: "+++--", verdict: true), Case(threshold: 3, answers: "+++---", verdict: false),
    ]

    @Test("so many answers in a row decide, and before that nothing is known", arguments: cases)
    func decide(_ test: Case) {
        var count = HealthCount()
        for answer in test.answers { count.note(answer == "+", threshold: test.threshold) }
        #expect(count.verdict == test.verdict)
    }
}
