import Foundation

/// Takes out of what a command prints what no two runs have in common.
struct CommandBlurring {
    /// Where the server is reached.
    let server: String

    /// The lines that are compared.
    func lines(_ text: String, of step: CommandStep) throws -> [String] {
        let blur = try (step.blur ?? []).map { try Regex($0) }
        let only = try step.only?.map { try Regex($0) }
        let printed = text.split(separator: "\n", omittingEmptySubsequences: false)
            // A slow machine is told that it waits.
            .filter { $0.firstMatch(of: #/^I\d{4} .*Throttling request/#) == nil }
        let lines = withoutOwners(printed).compactMap { line in
            let line = blur.reduce(blurred(line)) { $0.replacing($1, with: "…") }
            return only?.contains { line.firstMatch(of: $0) != nil } ?? true ? line : nil
        }
        let end = (lines.lastIndex { !$0.isEmpty } ?? -1) + 1
        return step.sorted == true ? lines[..<end].sorted() : Array(lines[..<end])
    }

    private func blurred(_ line: Substring) -> String {
        var text = String(line)
        while text.last?.isWhitespace == true { text.removeLast() }
        // JSON in one line says the same without them.
        text = text.replacing(#/"managedFields":\[\{.*?"time":"[^"]*"\}\],?/#, with: "")
        text = text.replacing(server, with: "https://server")
            .replacing(server.split(separator: "/").last ?? "", with: "server")
        text = text.replacing(#/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/#, with: "a uid")
        text = text.replacing(#/2\d{3}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?( ?\+0000|Z)( UTC)?/#, with: "a time")
        text = text.replacing(#/\w{3}, \d\d \w{3} 2\d{3} \d\d:\d\d:\d\d \+0000/#, with: "a time")
        text = text.replacing(#/^[EW]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ (\w+\.go):\d+\]/#) { "\($0.output.1):" }
        text = text.replacing(#/(resource ?version"?:\s*)"?\d+"?/#.ignoresCase()) { $0.output.1 + "N" }
        text = text.replacing(#/(^| )\d+[smhd](\d+[smh])?(?=$|[ )])/#) { $0.output.1 + "age" }
        text = text.replacing(#/\/tmp\/(LIVE-|MERGED-|kubectl_replace_|kubectl[a-z-]*-edit-)\w+(\.yaml)?/#) {
            "/tmp/\($0.output.1)?"
        }
        // Columns are as wide as what is in them.
        let indentation = text.prefix { $0 == " " }
        let words = text.dropFirst(indentation.count).replacing(#/[ \t]{2,}/#, with: "  ")
        return String(indentation) + String(words)
    }

    /// Whoever changed something owns it; `Conversations` compares that.
    private func withoutOwners(_ lines: [Substring]) -> [Substring] {
        var ownersDepth: Int?
        return lines.filter { line in
            let depth = line.prefix { $0 == " " }.count
            let text = line.dropFirst(depth)
            if let limit = ownersDepth {
                if depth > limit || depth == limit && (text.hasPrefix("- ") || text.hasPrefix("]")) { return false }
                ownersDepth = nil
            }
            if ["managedFields:", "\"managedFields\": [", "Managed Fields:"].contains(text) { ownersDepth = depth }
            return ownersDepth == nil
        }
    }
}
