package import ClusterAPI
package import Foundation
import ManifestFiles
import NetworkTypes
import PolicyEngine
package import ServiceVerdicts

/// The questions of a query table, in its order.
package struct FlowQueries: Sendable {
    /// The table as it was read, with every column.
    package let table: CSVTable
    /// One question for each row of the table.
    package let questions: [Question]

    /// Reads the columns `from`, `to`, `protocol` and `port`, in any order and any case.
    ///
    /// Throws with every fault of the file: missing columns, unknown protocols, bad ports, ends that are neither
    /// `namespace/pod`, an address, `service:namespace/name`, `node:NAME` nor `dns:NAME`.
    package init(parsing text: String, file: String) throws(QueryErrors) {
        let table = try CSVTable(parsing: text, file: file)
        let columns = try Columns(table.header, file: file)
        var faults: [QueryErrors.Fault] = []
        var questions: [Question] = []
        for row in table.rows {
            do {
                questions.append(try columns.question(row.fields))
            } catch {
                faults.append(QueryErrors.Fault(line: row.line, message: error.message))
            }
        }
        if !faults.isEmpty { throw QueryErrors(file, faults) }
        self.table = table
        self.questions = questions
    }

    /// Reads a file, or standard input where `path` is `-`.
    ///
    /// Throws `QueryErrors`, and `CommandFailure` for what is no readable text.
    package init(path: String, standardInput: () throws -> Data) throws {
        let data: Data
        do {
            data = path == "-" ? try standardInput() : try InputFile.read(path)
        } catch {
            throw CommandFailure(
                "the queries \(path) cannot be read: \(FileFault.reason(error))",
                remedy: "Name a CSV file with --queries, or - for standard input.")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw CommandFailure("the queries \(path) are not UTF-8 text", remedy: "Save the table as CSV in UTF-8.")
        }
        try self.init(parsing: text, file: path)
    }

    /// Throws if a question names a pod that is not among the known ones.
    package func requirePods(_ known: Set<ObjectKey>, file: String, manifests: String) throws(QueryErrors) {
        var faults: [QueryErrors.Fault] = []
        for (row, question) in zip(table.rows, questions) {
            for case .party(.pod(let key)) in [question.from, question.to] where !known.contains(key) {
                let message = "there is no pod \(key) in \(manifests); correct the name or add its manifest"
                faults.append(QueryErrors.Fault(line: row.line, message: message))
            }
        }
        if !faults.isEmpty { throw QueryErrors(file, faults) }
    }

    /// The judgements in the table's order; throws every question that has none.
    package func judgements(by judge: ServiceJudge, file: String) throws(QueryErrors) -> [Judgement] {
        var judgements: [Judgement] = []
        var faults: [QueryErrors.Fault] = []
        for (row, question) in zip(table.rows, questions) {
            do {
                judgements.append(try judge.judgement(of: question))
            } catch {
                faults.append(QueryErrors.Fault(line: row.line, message: error.message))
            }
        }
        if !faults.isEmpty { throw QueryErrors(file, faults) }
        return judgements
    }
}

/// Where the four columns are.
private struct Columns {
    private var places: [String: Int] = [:]

    init(_ header: [String], file: String) throws(QueryErrors) {
        let names = header.map { Self.trimmed($0).lowercased() }
        for wanted in ["from", "to", "protocol", "port"] {
            let found = names.indices.filter { names[$0] == wanted }
            guard let place = found.first else {
                let text = names.joined(separator: ", ")
                throw QueryErrors(file, 1, "the column '\(wanted)' is missing; the header has: \(text)")
            }
            if found.count > 1 { throw QueryErrors(file, 1, "the column '\(wanted)' is there twice; remove one") }
            places[wanted] = place
        }
    }

    struct Fault: Error {
        let message: String
    }

    func question(_ fields: [String]) throws(Fault) -> Question {
        func field(_ name: String) -> String { places[name].map { Self.trimmed(fields[$0]) } ?? "" }
        let from = try Self.end(field("from"), "from")
        let to = try Self.end(field("to"), "to")
        guard let transport = TransportProtocol(parsing: field("protocol")) else {
            throw Fault(message: "the protocol '\(field("protocol"))' is unknown; write TCP, UDP, SCTP or ICMP")
        }
        let port = try Self.port(field("port"), transport)
        return Question(from: from, to: to, transport: transport, port: port)
    }

    private static func end(_ text: String, _ column: String) throws(Fault) -> Question.End {
        if let end = Question.End(text) { return end }
        throw Fault(
            message: "'\(text)' in column '\(column)' is neither \(Question.End.forms)")
    }

    /// ICMP has no ports: what stands there is of no account, as long as it is a number or nothing.
    private static func port(_ text: String, _ transport: TransportProtocol) throws(Fault) -> UInt16? {
        if transport == .icmp, text.isEmpty || UInt16(text) != nil { return nil }
        guard let port = UInt16(text), port > 0, text.utf8.allSatisfy({ (48...57).contains($0) }) else {
            throw Fault(message: "the port '\(text)' is none; write a number from 1 to 65535")
        }
        return port
    }

    private static func trimmed(_ text: String) -> String {
        var slice = text[...]
        while let first = slice.first, first.isWhitespace { slice.removeFirst() }
        while let last = slice.last, last.isWhitespace { slice.removeLast() }
        return String(slice)
    }
}
