import ClusterAPI
import Foundation

/// What uids and versions of objects are called in recordings: `version 2 of a` is the second that was seen of `a`.
struct ObjectLabels {
    private struct Label {
        let owner: String
        let text: String
    }

    private var uids: [String: Label] = [:]
    private var versions: [String: Label] = [:]

    mutating func version(_ text: String, of owner: String) -> String { Self.label(text, "version", owner, &versions) }

    /// Texts that clients made up stay.
    mutating func uid(_ text: String, of owner: String) -> String {
        text.wholeMatch(of: #/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/#) == nil
            ? text : Self.label(text, "uid", owner, &uids)
    }

    private static func label(
        _ text: String, _ what: String, _ owner: String, _ known: inout [String: Label]
    ) -> String {
        if let label = known[text] { return label.text }
        let number = known.values.count { $0.owner == owner } + 1
        let label = Label(owner: owner, text: "\(what) \(number) of \(owner)")
        known[text] = label
        return label.text
    }

    /// The name that an object has, without what the server made up of it.
    static func name(of members: [String: JSONValue]) -> String {
        let name = members["name"]?.string ?? ""
        let prefix = members["generateName"]?.string ?? ""
        let isMade = !prefix.isEmpty && name.hasPrefix(prefix) && name.utf8.count == prefix.utf8.count + 5
        return isMade ? prefix + "?????" : name
    }

    /// Any other text: with uids as they are called, without versions, times and addresses of memory.
    ///
    /// Go prints differences of objects behind a first line, each time with other blanks.
    func blurred(_ text: String) -> String {
        var text = String(text.prefix { $0 != "\n" })
        for match in text.matches(of: #/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/#) {
            let uid = String(match.output.0)
            text = text.replacing(uid, with: uids[uid]?.text ?? "a uid")
        }
        let numbers = [
            #/((?:object meta|, current): )\d+/#, #/((?:too old resource version: \d+|in record) \()\d+/#,
            #/("resourceVersion\\?":\\?")\d+/#,
        ]
        for number in numbers { text = text.replacing(number) { $0.output.1 + "N" } }
        text = text.replacing(#/2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\dZ/#, with: "a time")
        return text.replacing(#/0xc[0-9a-f]{6,}/#, with: "an address")
    }
}
