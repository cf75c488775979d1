extension NameSelector: CustomStringConvertible {
    /// `*.example.com.`, and with exceptions `*.example.com.!bad.example.com.`: the same for equal selectors.
    package var description: String {
        ([pattern] + exceptions.sorted { $0.text < $1.text }).map(\.text).joined(separator: "!")
    }

    /// `*.example.com. but for bad.example.com.`, for people.
    package var words: String {
        let others = exceptions.map(\.text).sorted()
        return pattern.text + (others.isEmpty ? "" : " but for \(others.joined(separator: ", "))")
    }

    /// Reads a `description`.
    package init?(_ text: some StringProtocol) {
        let patterns = text.split(separator: "!").map { NamePattern($0) }
        guard let first = patterns.first, let pattern = first, !patterns.contains(nil) else { return nil }
        self.init(pattern, except: Set(patterns.dropFirst().compactMap(\.self)))
    }
}

extension NamePattern {
    /// Names compare without case, so equal patterns may be written in several.
    fileprivate var text: String { description.lowercased() }
}
