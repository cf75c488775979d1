import ManifestFiles

extension LintReport {
    /// A paragraph for each warning, within 80 columns; nothing without any.
    static func table(_ warnings: [Warning]) -> String {
        if warnings.isEmpty { return "" }
        let count = "\(warnings.count) \(warnings.count == 1 ? "warning" : "warnings")"
        let entries = warnings.map { warning in
            let finding = warning.finding
            let place = finding.line.map { "\(finding.file):\($0)" } ?? finding.file
            let subject = [finding.object, finding.field].compactMap(\.self).joined(separator: ": ")
            return Terminal.printable("\(place): \(subject)") + "\n"
                + WrappedTable(widths: [2, 74], rows: [["", "\(finding.message) [\(warning.rule)]"]]).text
        }
        return "\n\(count)\n" + entries.joined()
    }
}

extension LintReport.Warning {
    /// As an error's, with the rule's name.
    var json: String {
        func text(_ value: String?) -> String { value.map(JSONText.string) ?? "null" }
        return JSONText.object([
            ("file", JSONText.string(finding.file)), ("line", finding.line.map(String.init) ?? "null"),
            ("object", text(finding.object)), ("field", text(finding.field)), ("message", text(finding.message)),
            ("severity", JSONText.string("warning")), ("rule", JSONText.string(rule)),
        ])
    }
}
