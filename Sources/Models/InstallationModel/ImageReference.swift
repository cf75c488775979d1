/// Names of images, as container runtimes take them.
enum ImageReference {
    /// What is wrong with a name; nil for a good one.
    static func problem(_ text: String) -> String? {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        var name = parts[0]
        var tag: Substring?
        if let colon = name.lastIndex(of: ":"), !name[colon...].contains("/") {
            tag = name[name.index(after: colon)...]
            name = name[..<colon]
        }
        guard isName(name), tag.map(isTag) ?? true, parts.count == 1 || isDigest(parts[1]) else {
            return "is no name of an image"
        }
        if parts.count == 2 { return nil }
        guard let tag else { return "names no version: nodes would run what they happen to have" }
        return tag == "latest" ? "is another version every day: nodes would differ" : nil
    }

    /// The image beside a good one, of the same version: `registry/name-suffix:version`.
    ///
    /// Nil for a name with a digest, which is that image's alone.
    static func sibling(_ suffix: String, of text: String) -> String? {
        guard problem(text) == nil, !text.contains("@"), let colon = text.lastIndex(of: ":") else { return nil }
        return text[..<colon] + suffix + text[colon...]
    }

    private static func isName(_ text: Substring) -> Bool {
        guard text.utf8.count <= 255 else { return false }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        return parts.enumerated().allSatisfy { place, part in
            // The registry may have a port, and capitals.
            let isRegistry = place == 0 && parts.count > 1
            let edges = [part.utf8.first, part.utf8.last].compactMap(\.self)
            return edges.count == 2 && edges.allSatisfy { isWord($0) || (isRegistry && isCapital($0)) }
                && part.utf8.allSatisfy {
                    isWord($0) || [45, 46, 95].contains($0) || (isRegistry && (isCapital($0) || $0 == 58))
                }
        }
    }

    private static func isTag(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 128, isWord(first) || isCapital(first) || first == 95
        else {
            return false
        }
        return text.utf8.allSatisfy { isWord($0) || isCapital($0) || [45, 46, 95].contains($0) }
    }

    private static func isDigest(_ text: Substring) -> Bool {
        text.hasPrefix("sha256:") && text.utf8.count == 71
            && text.dropFirst(7).utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }

    private static func isWord(_ byte: UInt8) -> Bool { (48...57).contains(byte) || (97...122).contains(byte) }
    private static func isCapital(_ byte: UInt8) -> Bool { (65...90).contains(byte) }
}

/// Names of objects.
enum ObjectNames {
    /// RFC 1123: what a namespace may be called.
    static func isLabel(_ text: String) -> Bool {
        (1...63).contains(text.utf8.count) && text.utf8.first != 45 && text.utf8.last != 45
            && text.utf8.allSatisfy { (48...57).contains($0) || (97...122).contains($0) || $0 == 45 }
    }

    /// RFC 1123: what most objects may be called.
    static func isSubdomain(_ text: String) -> Bool {
        text.utf8.count <= 253
            && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { isLabel(String($0)) }
    }
}
