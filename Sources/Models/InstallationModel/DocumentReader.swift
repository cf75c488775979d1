import ClusterAPI

/// Reads a document strictly: keys that nobody knows and values of another type are faults, and all of them are told.
struct DocumentReader {
    private(set) var faults: [InstallationFault] = []

    /// An object of the document, with the way to it.
    struct Section {
        let path: [String]
        let members: [String: JSONValue]

        fileprivate func value(_ key: String) -> JSONValue? {
            guard let value = members[key], value != .null else { return nil }
            return value
        }
    }

    mutating func report(_ path: [String], _ problem: String, remedy: String) {
        faults.append(InstallationFault(path, problem, remedy: remedy))
    }

    mutating func section(_ value: JSONValue?, at path: [String], keys: [String]) -> Section {
        guard let value, value != .null else { return Section(path: path, members: [:]) }
        guard let members = value.object else {
            report(path, "must hold keys, not \(value.kindText)", remedy: "Keys here: \(keys.joined(separator: ", ")).")
            return Section(path: path, members: [:])
        }
        for key in members.keys.sorted() where !keys.contains(key) {
            report(path + [key], "there is no such key", remedy: "Keys here: \(keys.joined(separator: ", ")).")
        }
        return Section(path: path, members: members)
    }

    mutating func section(_ key: String, of parent: Section, keys: [String]) -> Section {
        section(parent.value(key), at: parent.path + [key], keys: keys)
    }

    mutating func text(_ key: String, of section: Section) -> String? {
        guard let value = section.value(key) else { return nil }
        if let text = value.string, !text.isEmpty { return text }
        report(
            section.path + [key], "must be a text, not \(value.kindText)", remedy: "Put it in quotes, or leave it out.")
        return nil
    }

    mutating func number(_ key: String, of section: Section, in range: ClosedRange<Int>) -> Int? {
        guard let value = section.value(key) else { return nil }
        if let number = value.int, let small = Int(exactly: number), range.contains(small) { return small }
        report(
            section.path + [key], "\(value.kindText) is not between \(range.lowerBound) and \(range.upperBound)",
            remedy: "Write a whole number between them, or leave it out.")
        return nil
    }

    /// A text that must be one of something, such as `example`; a whole number is taken as its digits.
    mutating func parsed<Value>(
        _ key: String, of section: Section, as kind: String, like example: String, _ parse: (String) -> Value?
    ) -> Value? {
        let number: Int64? = if case .int(let number)? = section.value(key) { number } else { nil }
        guard let text = number.map(String.init) ?? text(key, of: section) else { return nil }
        return parsed(text, at: section.path + [key], as: kind, like: example, parse)
    }

    mutating func list<Value>(
        _ key: String, of section: Section, as kind: String, like example: String, _ parse: (String) -> Value?
    ) -> [Value] {
        var values: [Value] = []
        for (place, element) in elements(key, of: section).enumerated() {
            let path = section.path + [key, "\(place)"]
            guard let text = element.string else {
                report(path, "must be a text, not \(element.kindText)", remedy: "Write \(kind), such as \(example).")
                continue
            }
            if let value = parsed(text, at: path, as: kind, like: example, parse) { values.append(value) }
        }
        return values
    }

    mutating func elements(_ key: String, of section: Section) -> [JSONValue] {
        guard let value = section.value(key) else { return [] }
        if let elements = value.array { return elements }
        report(section.path + [key], "must be a list, not \(value.kindText)", remedy: "Write it as [first, second].")
        return []
    }

    /// A key that must be there.
    mutating func require(_ key: String, of section: Section, like example: String) {
        guard section.value(key) == nil else { return }
        report(section.path + [key], "is missing", remedy: "Write it, such as \(example).")
    }

    func has(_ key: String, in section: Section) -> Bool { section.value(key) != nil }

    private mutating func parsed<Value>(
        _ text: String, at path: [String], as kind: String, like example: String, _ parse: (String) -> Value?
    ) -> Value? {
        if let value = parse(text) { return value }
        report(path, "\"\(text)\" is not \(kind)", remedy: "Write \(kind), such as \(example).")
        return nil
    }
}

extension JSONValue {
    /// As a message names it.
    fileprivate var kindText: String {
        switch self {
        case .null: "nothing"
        case .bool(let flag): "the flag \(flag)"
        case .int(let number): "the number \(number)"
        case .double(let number): "the number \(number)"
        case .string(let text): text.isEmpty ? "an empty text" : "the text \"\(text)\""
        case .array: "a list"
        case .object: "an object"
        }
    }
}
