/// Comma-separated values (RFC 4180) with a header: what spreadsheets write, and what we write for them.
package struct CSVTable: Hashable, Sendable {
    package struct Row: Hashable, Sendable {
        /// The line on which the row begins, from 1.
        package let line: Int
        package var fields: [String]

        package init(line: Int, fields: [String]) {
            self.line = line
            self.fields = fields
        }
    }

    package var header: [String]
    package var rows: [Row]

    package init(header: [String], rows: [Row]) {
        self.header = header
        self.rows = rows
    }

    /// Reads a text with LF or CRLF, with or without a byte order mark; empty lines are skipped.
    ///
    /// Throws on a quote that does not end, on text after a closing quote, on a row that is longer or shorter than the
    /// header, and on a text without header.
    package init(parsing text: String, file: String) throws(QueryErrors) {
        var reader = CSVReader(text, file: file)
        guard let header = try reader.nextRow() else {
            throw QueryErrors(file, 1, "there is no header; the first line names the columns from, to, protocol, port")
        }
        self.header = header.fields
        rows = []
        while let row = try reader.nextRow() {
            guard row.fields.count == header.fields.count else {
                let counts = "\(row.fields.count) columns instead of \(header.fields.count)"
                throw QueryErrors(file, row.line, "the row has \(counts); quote fields that contain a comma")
            }
            rows.append(row)
        }
    }

    /// The table as text, each line ended by a line feed; fields are quoted where they must be.
    package var text: String {
        ([header] + rows.map(\.fields)).map { $0.map(Self.quoted).joined(separator: ",") + "\n" }.joined()
    }

    private static func quoted(_ field: String) -> String {
        let isSpecial = field.utf8.contains { $0 == 34 || $0 == 44 || $0 == 10 || $0 == 13 }
        return isSpecial ? "\"" + field.replacing("\"", with: "\"\"") + "\"" : field
    }
}

/// The state of reading a CSV text.
private struct CSVReader {
    private let bytes: [UInt8]
    private let file: String
    private var position = 0
    private var line = 1

    init(_ text: String, file: String) {
        var bytes = Array(text.utf8)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        self.bytes = bytes
        self.file = file
    }

    /// The next row that is not an empty line; nil at the end.
    mutating func nextRow() throws(QueryErrors) -> CSVTable.Row? {
        while position < bytes.count {
            let start = line
            var fields: [String] = []
            repeat { fields.append(try field()) } while takeComma()
            if fields != [""] { return CSVTable.Row(line: start, fields: fields) }
        }
        return nil
    }

    /// Takes a comma, or the end of the line.
    private mutating func takeComma() -> Bool {
        guard position < bytes.count else { return false }
        if bytes[position] == 44 {
            position += 1
            return true
        }
        if bytes[position] == 13 { position += 1 }
        if position < bytes.count, bytes[position] == 10 { position += 1 }
        line += 1
        return false
    }

    private var isAtEnd: Bool {
        guard position < bytes.count else { return true }
        let byte = bytes[position]
        let isReturn = byte == 13 && (position + 1 == bytes.count || bytes[position + 1] == 10)
        return byte == 44 || byte == 10 || isReturn
    }

    private mutating func field() throws(QueryErrors) -> String {
        guard position < bytes.count, bytes[position] == 34 else {
            let start = position
            while !isAtEnd { position += 1 }
            return String(decoding: bytes[start..<position], as: UTF8.self)
        }
        let start = line
        var content: [UInt8] = []
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte != 34 {
                if byte == 10 { line += 1 }
                content.append(byte)
            } else if position < bytes.count, bytes[position] == 34 {
                content.append(34)
                position += 1
            } else {
                guard isAtEnd else {
                    throw QueryErrors(file, line, "text follows a closing quote; double quotes inside")
                }
                return String(decoding: content, as: UTF8.self)
            }
        }
        throw QueryErrors(file, start, "a quoted field does not end; add the closing quote")
    }
}
