import NIOCore
import Testing

@testable import KubernetesClient

@Suite struct LineSplitterTests {
    @Test("lines do not depend on where the bytes are cut", arguments: 1...40)
    func cuts(size: Int) throws {
        let text = "one\n\n{\"a\":1}\nlonger line with é\nunfinished"
        var splitter = LineSplitter()
        var lines: [String] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            splitter.append(ByteBuffer(bytes: rest.prefix(size)))
            rest = rest.dropFirst(size)
            while let line = try splitter.next() { lines.append(String(buffer: line)) }
        }
        #expect(lines == ["one", "", "{\"a\":1}", "longer line with é"])
    }

    @Test("a line without end is an error before it fills the memory")
    func limit() throws {
        var splitter = LineSplitter(limit: 10)
        splitter.append(ByteBuffer(string: "0123456789"))
        #expect(try splitter.next() == nil)
        splitter.append(ByteBuffer(string: "x"))
        #expect(throws: LineSplitter.LineTooLong.self) { try splitter.next() }
    }
}
