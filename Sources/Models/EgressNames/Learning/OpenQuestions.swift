import ClusterAPI
import NetworkTypes

/// The questions that were asked for pods and have no answer yet.
struct OpenQuestions: Sendable {
    struct Question: Sendable {
        let client: ObjectKey
        let question: NameQuestion
        let server: IPAddress
    }

    private var open: [UInt64: Question] = [:]
    private var counts: [ObjectKey: Int] = [:]
    private var last: UInt64 = 0

    subscript(id: QuestionID) -> Question? { open[id.number] }

    func count(of client: ObjectKey) -> Int { counts[client] ?? 0 }

    mutating func ask(_ question: Question) -> QuestionID {
        last += 1
        open[last] = question
        counts[question.client, default: 0] += 1
        return QuestionID(number: last)
    }

    mutating func close(_ id: QuestionID) {
        guard let question = open.removeValue(forKey: id.number) else { return }
        counts[question.client] = counts[question.client].flatMap { $0 > 1 ? $0 - 1 : nil }
    }

    mutating func close(allOf client: ObjectKey) {
        guard counts.removeValue(forKey: client) != nil else { return }
        open = open.filter { $0.value.client != client }
    }
}

/// One question that was asked for a pod.
package struct QuestionID: Hashable, Sendable {
    let number: UInt64
}
