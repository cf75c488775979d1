import ClusterAPI
import Foundation
import NIOHTTP1

/// Takes out of answers what no two runs have in common, and keeps of it what matters: which uids and versions
/// are alike.
struct Blurring {
    let keepsOwners: Bool
    private var labels = ObjectLabels()

    init(keepsOwners: Bool) { self.keepsOwners = keepsOwners }

    private static let headers = ["content-type", "warning", "www-authenticate", "allow"]
    private static let times: Set<String> = [
        "creationTimestamp", "deletionTimestamp", "time", "lastTransitionTime", "eventTime", "renewTime",
    ]

    /// An answer as recordings have it.
    mutating func blurred(
        _ answer: ConversationServer.Answer, _ content: Content, of step: ConversationStep
    ) -> JSONValue {
        var result: JSONValue = ["status": .int(Int64(answer.status))]
        for name in Self.headers {
            let values = answer.headers[name]
            if !values.isEmpty { result[name] = .string(values.joined(separator: ", ")) }
        }
        let names = Set(step.blur ?? [])
        switch content {
        case .empty: break
        case .text(let text): result["text"] = .string(text)
        case .document(var document):
            if step.unordered == true, let items = document["items"]?.array {
                document["items"] = .array(Self.sorted(items, by: [["metadata", "name"]]))
            }
            result["body"] = Self.part(of: blurred(document, names), step)
        case .events(let events):
            let way: [JSONValue] = ["object", "metadata", "name"]
            let ordered = step.unordered == true ? Self.sorted(events, by: [way]) : events
            result["events"] = .array(ordered.map { Self.part(of: blurred($0, names), step) })
        }
        return result
    }

    /// The parts that are compared, each named by the way to it.
    private static func part(of document: JSONValue, _ step: ConversationStep) -> JSONValue {
        guard let ways = step.only else { return document }
        let parts = ways.map { way in (way.map(JSONLayout.word).joined(separator: " "), document[way] ?? "is absent") }
        return .object(Dictionary(parts) { first, _ in first })
    }

    private mutating func blurred(_ document: JSONValue, _ names: Set<String>) -> JSONValue {
        switch document {
        case .object(let members): return .object(blurred(members, names))
        case .array(let elements): return .array(elements.map { blurred($0, names) })
        case .string(let text): return .string(labels.blurred(text))
        default: return document
        }
    }

    private mutating func blurred(_ members: [String: JSONValue], _ names: Set<String>) -> [String: JSONValue] {
        var result: [String: JSONValue] = [:]
        let isList = members["items"] != nil || members["rows"] != nil
        let name = ObjectLabels.name(of: members)
        for (member, value) in members.sorted(by: { $0.key < $1.key }) {
            switch (member, value) {
            case ("managedFields", .array(let owners)):
                guard keepsOwners else { continue }
                let ways: [[JSONValue]] = [["manager"], ["operation"], ["subresource"]]
                result[member] = .array(Self.sorted(owners.map { blurred($0, names) }, by: ways))
            case ("metadata", .object(var metadata)) where isList:
                if metadata["resourceVersion"] != nil { metadata["resourceVersion"] = "now" }
                if metadata["continue"]?.string?.isEmpty == false { metadata["continue"] = "more" }
                result[member] = .object(metadata)
            case ("resourceVersion", .string(let text)) where text.allSatisfy(\.isNumber) && text != "0":
                result[member] = .string(labels.version(text, of: name))
            case ("uid", .string(let text)): result[member] = .string(labels.uid(text, of: name))
            case ("name", .string): result[member] = .string(name)
            case ("cells", .array(let cells)): result[member] = .array(cells.map(Self.ageless))
            case ("causes", .array(let causes)): result[member] = .array(findings(causes))
            case ("message", .string(let text)) where members["details"]?["causes"]?.array?.count ?? 0 > 1:
                // They come in no order, and the causes tell them.
                result[member] = .string((text.split(separator: ": ").first ?? "") + ": the causes")
            case (_, .string) where Self.times.contains(member): result[member] = "a time"
            case _ where names.contains(member): result[member] = "anything"
            default: result[member] = blurred(value, names)
            }
        }
        return result
    }

    /// Each once, by their fields.
    private mutating func findings(_ causes: [JSONValue]) -> [JSONValue] {
        Self.sorted(causes.map { blurred($0, []) }, by: [["field"], ["message"]]).reduce(into: []) { known, cause in
            if known.last != cause { known.append(cause) }
        }
    }

    private static func ageless(_ cell: JSONValue) -> JSONValue {
        cell.string?.wholeMatch(of: #/\d+[smh](\d+s)?/#) == nil ? cell : "age"
    }

    private static func sorted(_ elements: [JSONValue], by ways: [[JSONValue]]) -> [JSONValue] {
        func order(_ element: JSONValue) -> String {
            ways.map { element[$0]?.string ?? "" }.joined(separator: "\n")
        }
        return elements.sorted { order($0) < order($1) }
    }
}
