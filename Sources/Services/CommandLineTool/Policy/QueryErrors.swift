/// What is wrong with a query file: each fault with its line and what to do about it.
package struct QueryErrors: Error, Hashable, Sendable, CustomStringConvertible {
    package struct Fault: Hashable, Sendable {
        package let line: Int
        package let message: String
    }

    package let file: String
    package let faults: [Fault]

    init(_ file: String, _ faults: [Fault]) {
        self.file = file
        self.faults = faults
    }

    init(_ file: String, _ line: Int, _ message: String) {
        self.init(file, [Fault(line: line, message: message)])
    }

    /// `error: file:line: message`, one line for each of the first twenty.
    package var description: String {
        let shown = faults.prefix(20).map { "error: \(file):\($0.line): \($0.message)" }
        let rest = faults.count > 20 ? ["error: and \(faults.count - 20) more"] : []
        return (shown + rest).joined(separator: "\n")
    }
}
