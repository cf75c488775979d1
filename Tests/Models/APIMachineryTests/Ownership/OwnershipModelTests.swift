import ClusterAPI
import TestRandom
import Testing

@testable import APIMachinery

/// The rules of ownership again, as simply as can be: a flat list of fields with their owners.
private struct NaiveObject {
    /// Values by path; `items/i` stands for the element itself.
    var values: [String: Int64] = [:]
    /// Who states a field, and who changed it last.
    var owners: [String: Set<String>] = [:]

    struct Conflict: Error {}

    mutating func apply(_ stated: [String: Int64], by manager: String, force: Bool) throws {
        let changed = stated.filter { values[$0.key] != $0.value }
        let isContested = changed.keys.contains { !(owners[$0] ?? []).subtracting([manager]).isEmpty }
        if isContested, !force { throw Conflict() }
        for (path, value) in changed {
            values[path] = value
            owners[path] = []
        }
        let left = owners.keys.filter { owners[$0]?.contains(manager) == true && stated[$0] == nil }
        for path in left { owners[path]?.remove(manager) }
        for path in stated.keys { owners[path, default: []].insert(manager) }
        for path in left where owners[path]?.isEmpty == true { drop(path) }
    }

    mutating func update(_ new: [String: Int64], by manager: String) {
        for path in Array(values.keys) where new[path] == nil {
            values[path] = nil
            owners[path] = nil
        }
        for (path, value) in new where values[path] != value {
            values[path] = value
            owners[path] = [manager]
        }
    }

    /// An element that goes takes what is in it along.
    private mutating func drop(_ path: String) {
        for inner in Array(values.keys) where inner == path || inner.hasPrefix(path + "/") {
            values[inner] = nil
            owners[inner] = nil
        }
    }
}

/// Random writers of one object, by the rules and by the naive model of them.
@Suite struct OwnershipModelTests {
    /// Fields of a random configuration.
    private func fields(_ random: inout SeededGenerator) -> [String: Int64] {
        var fields: [String: Int64] = [:]
        for path in ["a", "b", "map/k", "map/l", "set/s", "set/t"] where Bool.random(using: &random) {
            fields[path] = path.hasPrefix("set") ? 0 : Int64.random(in: 1...2, using: &random)
        }
        for item in ["i", "j"] where Bool.random(using: &random) {
            fields["items/\(item)"] = 0
            for member in ["x", "y"] where Bool.random(using: &random) {
                fields["items/\(item)/\(member)"] = Int64.random(in: 1...2, using: &random)
            }
        }
        return fields
    }

    /// The same as a spec.
    private func spec(_ fields: [String: Int64]) -> JSONValue {
        var spec: [String: JSONValue] = [:]
        var items: [String: JSONValue] = [:]
        for (path, value) in fields.sorted(by: { $0.key < $1.key }) {
            let parts = path.split(separator: "/").map(String.init)
            switch (parts[0], parts.count) {
            case ("map", _):
                var map = spec["map"] ?? [:]
                map[parts[1]] = .int(value)
                spec["map"] = map
            case ("set", _): spec["set"] = .array((spec["set"]?.array ?? []) + [.string(parts[1])])
            case ("items", 2): items[parts[1]] = ["name": .string(parts[1])]
            case ("items", _): items[parts[1]]?[parts[2]] = .int(value)
            default: spec[path] = .int(value)
            }
        }
        if !items.isEmpty { spec["items"] = .array(items.sorted { $0.key < $1.key }.map(\.value)) }
        return .object(spec)
    }

    /// A spec as fields again.
    private func fields(of spec: JSONValue?) -> [String: Int64] {
        var fields: [String: Int64] = [:]
        for name in ["a", "b"] { fields[name] = spec?[name]?.int }
        for (key, value) in spec?["map"]?.object ?? [:] { fields["map/\(key)"] = value.int }
        for value in spec?["set"]?.array ?? [] { fields["set/\(value.string ?? "")"] = 0 }
        for item in spec?["items"]?.array ?? [] {
            let path = "items/\(item["name"]?.string ?? "")"
            fields[path] = 0
            for member in ["x", "y"] { fields["\(path)/\(member)"] = item[member]?.int }
        }
        return fields
    }

    private func element(_ path: String) -> [String] {
        let parts = path.split(separator: "/").map(String.init)
        let start = ["f:spec", "f:\(parts[0])"]
        switch (parts[0], parts.count) {
        case ("map", _): return start + ["f:\(parts[1])"]
        case ("set", _): return start + [#"v:"\#(parts[1])""#]
        case ("items", 2): return start + [#"k:{"name":"\#(parts[1])"}"#]
        case ("items", _): return start + [#"k:{"name":"\#(parts[1])"}"#, "f:\(parts[2])"]
        default: return start
        }
    }

    @Test("random appliers and writers get what the naive model gets", arguments: 1...60)
    func agrees(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var widget = try OwnershipFixture.widget()
        var model = NaiveObject()
        var conflicts = 0
        for step in 0..<60 {
            let manager = ["one", "two", "three"].randomElement(using: &random) ?? "one"
            let stated = fields(&random)
            if step == 0 || Int.random(in: 0..<4, using: &random) > 0 {
                let force = Int.random(in: 0..<3, using: &random) == 0
                let refused = Result { try model.apply(stated, by: "Apply \(manager)", force: force) }
                do {
                    try widget.apply(spec(stated), by: manager, force: force)
                    #expect(throws: Never.self, "step \(step)") { try refused.get() }
                } catch {
                    conflicts += 1
                    #expect(throws: NaiveObject.Conflict.self, "step \(step)") { try refused.get() }
                }
            } else {
                widget.update(spec(stated), by: manager)
                model.update(stated, by: "Update \(manager)")
            }
            #expect(fields(of: widget.spec) == model.values, "step \(step)")
            let owners = try #require(ManagedFields(widget.object?["metadata"]?["managedFields"]))
            for (path, expected) in model.owners where model.values[path] != nil {
                let actual = owners.entries.filter { $0.fields.contains(element(path)) }
                    .map { "\($0.writer.operation.rawValue) \($0.writer.manager)" }
                #expect(Set(actual) == expected, "step \(step), \(path)")
            }
        }
        #expect(conflicts > 0)
    }
}
