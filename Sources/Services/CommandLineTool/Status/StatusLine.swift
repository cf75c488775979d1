import Lab
package import NodeAgent

/// One part of Gabion, and how it is.
package struct StatusLine: Hashable, Sendable {
    package enum Condition: String, Sendable {
        case well = "ok"
        case unwell = "not ok"
        case silent = "no answer"
    }

    package let part: String
    package let condition: Condition
    package let detail: String
    /// An agent's counters of drops.
    package var drops: [String: DropCount] = [:]
    /// What does not work at an agent, by its kind: `closed`, `disconnected`, `problems`.
    package var troubles: [String: [String]] = [:]

    /// For people; what is not well stands out.
    var text: String {
        let state = condition == .unwell ? condition.rawValue.uppercased() : condition.rawValue
        return Self.wrapped(part.padded(to: 24) + state.padded(to: 11), detail)
    }

    /// Within 80 columns, where words let it; what goes on stands below the detail.
    private static func wrapped(_ head: String, _ detail: String) -> String {
        let margin = String(repeating: " ", count: 37)
        var lines: [String] = []
        var current = head
        var isEmpty = true
        for word in detail.split(separator: " ", omittingEmptySubsequences: false) {
            if !isEmpty, current.count + 1 + word.count > 80 {
                lines.append(current)
                (current, isEmpty) = (margin, true)
            }
            current += (isEmpty ? "" : " ") + word
            isEmpty = false
        }
        return (lines + [current]).joined(separator: "\n")
    }

    /// For programs; `drops` only for a part that counts them, and each kind of trouble only where there is one.
    var json: String {
        var members = [
            ("part", JSONText.string(part)), ("condition", JSONText.string(condition.rawValue)),
            ("detail", JSONText.string(detail)),
        ]
        if !drops.isEmpty {
            let counts = drops.sorted { $0.key < $1.key }.map { name, count in
                (name, JSONText.object([("packets", "\(count.packets)"), ("bytes", "\(count.bytes)")]))
            }
            members.append(("drops", JSONText.object(counts)))
        }
        for (kind, texts) in troubles.sorted(by: { $0.key < $1.key }) {
            members.append((kind, "[" + texts.map(JSONText.string).joined(separator: ", ") + "]"))
        }
        return JSONText.object(members)
    }

    static func lab(_ state: LabState, isAlive: Bool) -> StatusLine {
        let pods = "\(state.pods.settled) of \(state.pods.wanted) pods settled"
        let again = state.processes.filter { $0.restarts > 0 }.map { "\($0.name) started again \($0.restarts)×" }
        let isWell = isAlive && state.isReady && state.pods.settled == state.pods.wanted
        return StatusLine(
            part: "lab \(state.name)", condition: isAlive ? (isWell ? .well : .unwell) : .silent,
            detail: ([isAlive ? pods : "its supervisor is gone: gabion lab down --name \(state.name)"] + again)
                .joined(separator: "; "))
    }
}

extension Int {
    /// `1 pod`, `2 pods`.
    func counting(_ noun: String) -> String { "\(self) \(noun)\(self == 1 ? "" : "s")" }
}

extension String {
    /// At least `width` characters, and one space.
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: Swift.max(1, width - count))
    }
}
