/// The `fieldValidation` parameter of writes: what happens to fields that the kind does not have.
package enum FieldValidation: String, Hashable, Sendable {
    /// Drops them.
    case ignore = "Ignore"
    /// Drops them and says so in `Warning` headers: the server's default.
    case warn = "Warn"
    /// Refuses the request with 400.
    case strict = "Strict"

    /// Parses the query parameter; empty or absent means the default.
    ///
    /// Throws 400 for another word.
    package init(parameter: String?) throws(APIStatus) {
        guard let parameter, !parameter.isEmpty else {
            self = .warn
            return
        }
        guard let level = FieldValidation(rawValue: parameter) else {
            throw .badRequest(
                "fieldValidation: Unsupported value: \"\(parameter)\": supported values: \"Ignore\", \"Strict\", \"Warn\""
            )
        }
        self = level
    }
}
