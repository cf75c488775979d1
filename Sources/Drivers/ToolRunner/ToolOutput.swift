/// What a program left behind.
package struct ToolOutput: Hashable, Sendable {
    package enum Exit: Hashable, Sendable, CustomStringConvertible {
        case code(Int32)
        case signal(Int32)

        package var description: String {
            switch self {
            case .code(let code): "exit code \(code)"
            case .signal(let signal): "signal \(signal)"
            }
        }
    }

    package let exit: Exit
    package let standardOutput: [UInt8]
    package let standardError: [UInt8]

    /// Standard output as text; bytes that are not UTF-8 are replaced.
    package var text: String { String(decoding: standardOutput, as: UTF8.self) }

    package var errorText: String { String(decoding: standardError, as: UTF8.self) }

    /// The first five lines of standard error, of at most 300 characters each.
    var firstErrorLines: String {
        errorText.split(separator: "\n").prefix(5).map { String($0.prefix(300)) }.joined(separator: "\n")
    }
}
