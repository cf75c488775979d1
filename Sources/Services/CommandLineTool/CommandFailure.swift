package import ArgumentParser

/// The exit codes of every verb.
package enum ExitStatus {
    /// Something was found: an invalid manifest, a difference between verdict and observation.
    package static let finding = ExitCode(1)
    /// It could not be done: a missing file, no root, no API server.
    package static let impossible = ExitCode(2)
}

/// Why a verb could not do its work: the cause and, in the same breath, the remedy.
///
/// Ends the process with code 2.
package struct CommandFailure: Error, CustomStringConvertible {
    /// What failed, on what, and why.
    package let cause: String
    /// What a person does about it; empty when the cause says it all.
    package let remedy: String

    package init(_ cause: String, remedy: String = "") {
        self.cause = cause
        self.remedy = remedy
    }

    package var description: String {
        remedy.isEmpty ? "error: \(cause)" : "error: \(cause)\n  remedy: \(remedy)"
    }
}
