import Testing

@testable import FailoverAgent

@Suite struct HealthCountTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let threshold: Int
        /// `+` and `-` for what was answered.
        let answers: String
        let isWell: Bool
        var testDescription: String { "\(answers) by \(threshold)" }
    }

    static let cases = [
        Case(threshold: 2, answers: "", isWell: false), Case(threshold: 2, answers: "+", isWell: false),
        Case(threshold: 2, answers: "++", isWell: true), Case(threshold: 2, answers: "+-+", isWell: false),
        Case(threshold: 2, answers: "++-", isWell: true), Case(threshold: 2, answers: "++--", isWell: false),
        Case(threshold: 2, answers: "++-+-", isWell: true), Case(threshold: 1, answers: "+", isWell: true),
        Case(threshold: 1, answers: "+-", isWell: false), Case(threshold: 0, answers: "+", isWell: true),
        Case(threshold: 3, answers: "+++--", isWell: true), Case(threshold: 3, answers: "+++---", isWell: false),
    ]

    @Test("so many answers in a row decide, and nothing is well at first", arguments: cases)
    func decide(_ test: Case) {
        var count = HealthCount()
        for answer in test.answers { count.note(answer == "+", threshold: test.threshold) }
        #expect(count.isWell == test.isWell)
    }
}
