import Glibc

/// A system call that failed: what was tried, on which object, and the kernel's reason.
package struct SystemError: Error, Hashable, CustomStringConvertible {
    /// In the infinitive: `open`, `connect to`.
    package let operation: String
    package let object: String
    package let number: ErrorNumber

    package init(_ operation: String, _ object: String, _ number: ErrorNumber = .current) {
        self.operation = operation
        self.object = object
        self.number = number
    }

    package var description: String { "cannot \(operation) \(object): \(number)" }
}

/// Runs a system call again while it is interrupted; throws when it returns a negative number.
@discardableResult
func systemCall<Result: SignedInteger>(
    _ operation: String, _ object: @autoclosure () -> String, _ call: () -> Result
) throws(SystemError) -> Result {
    while true {
        let result = call()
        if result >= 0 { return result }
        let number = ErrorNumber.current
        guard number == .interrupted else { throw SystemError(operation, object(), number) }
    }
}

/// Like `systemCall`, with nil where the call would have to wait.
func systemCallOrWait<Result: SignedInteger>(
    _ operation: String, _ object: @autoclosure () -> String, _ call: () -> Result
) throws(SystemError) -> Result? {
    while true {
        let result = call()
        if result >= 0 { return result }
        let number = ErrorNumber.current
        if number == .again { return nil }
        guard number == .interrupted else { throw SystemError(operation, object(), number) }
    }
}
