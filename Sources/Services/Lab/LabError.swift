/// Why the lab could not do something: what failed on which object, and what a person does about it.
package struct LabError: Error, CustomStringConvertible, Hashable, Sendable {
    package let cause: String
    package let remedy: String

    package init(_ cause: String, remedy: String = "") {
        self.cause = cause
        self.remedy = remedy
    }

    package var description: String { remedy.isEmpty ? cause : "\(cause)\n  remedy: \(remedy)" }
}
