import FlowModel
import Foundation
import NIOCore

/// Makes answers of the bytes that an agent sends: a line of JSON each.
struct AnswerReader {
    private var rest = ByteBuffer()
    /// Whether the summary was among them, which ends the past.
    private(set) var isWhole = false

    /// The answers that are complete with these bytes.
    mutating func read(_ bytes: ByteBuffer) throws -> [FlowAnswer] {
        var bytes = bytes
        rest.writeBuffer(&bytes)
        var answers: [FlowAnswer] = []
        while let end = rest.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) {
            let line = rest.readSlice(length: end - rest.readerIndex) ?? ByteBuffer()
            rest.moveReaderIndex(forwardBy: 1)
            let answer = try JSONDecoder().decode(FlowAnswer.self, from: Data(line.readableBytesView))
            if case .summary = answer { isWhole = true }
            answers.append(answer)
        }
        rest.discardReadBytes()
        return answers
    }
}
