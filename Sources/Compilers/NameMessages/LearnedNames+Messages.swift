package import DNSFormats
package import EgressNames
package import NetworkTypes

/// A question as it was put to a server: what its answer must have.
package struct PutQuestion: Hashable, Sendable {
    package let id: QuestionID
    package let message: DNSMessage

    package init(_ id: QuestionID, as message: DNSMessage) {
        self.id = id
        self.message = message
    }
}

extension LearnedNames {
    /// Learns from the bytes of an answer.
    ///
    /// - Parameters:
    ///   - server: whose they are.
    ///   - put: the question that it was put.
    /// - Returns: nil for what is no answer at all, or has another number: it must not reach the pod, and the true one may come yet.
    package mutating func learn(
        from bytes: [UInt8], of server: IPAddress, to put: PutQuestion, at now: UInt64
    ) -> NameLesson? {
        guard let head = try? DNSMessage(decodingQuestionOf: bytes), head.header.isResponse,
            head.header.id == put.message.header.id, let asked = NameQuestion(put.message)
        else { return nil }
        // Some servers leave the question out when they do not answer it.
        let isMute = head.questions.isEmpty && head.code != .noError
        guard let question = isMute ? asked : NameQuestion(head) else { return nil }
        return learn(NameAnswer(from: server, to: question, Self.records(of: bytes)), to: put.id, at: now)
    }

    /// Nil for what cannot be read; none of a "no".
    private static func records(of bytes: [UInt8]) -> [NameRecord]? {
        guard let message = try? DNSMessage(decoding: bytes) else { return nil }
        return message.code == .noError ? message.answers.compactMap { NameRecord($0) } : []
    }
}
