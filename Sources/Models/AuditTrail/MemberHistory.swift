import APIMachinery
import ClusterAPI

/// What the labels of namespaces and nodes were, and which zones that put them in.
struct MemberHistory {
    private var labels: [String: [String: String]] = [:]

    /// Empty when nothing that zones ask for changed.
    mutating func changes(_ request: RecordedRequest, _ zones: [String: ZoneState]) -> [RecordedChange] {
        let member = Member(isNode: request.resource == "nodes")
        if request.verb == "deletecollection" {
            guard request.succeeded else { return [change(request, member, nil, RecordedChange.refusal(request))] }
            guard let names = request.removedNames else {
                labels = labels.filter { !$0.key.hasPrefix(member.word) }
                return [change(request, member, nil, ["deleted; which ones is not recorded"])]
            }
            return names.map { change(request, member, $0, removed(member, $0, zones)) }
        }
        let name = request.name
        if !request.succeeded { return [change(request, member, name, RecordedChange.refusal(request))] }
        guard let name else { return [change(request, member, nil, ["which one is not recorded"])] }
        if request.verb == "delete" {
            if request.waits(kind: member.kind) { return [] }
            return [change(request, member, name, removed(member, name, zones))]
        }
        guard let document = request.state(kind: member.kind) else {
            let isKnown = labels.removeValue(forKey: member.key(name)) != nil
            // Nodes are written all the time; those writes are counted.
            guard !member.isNode || isKnown || request.verb == "create" else { return [] }
            return [change(request, member, name, ["whether its labels changed is not recorded"])]
        }
        let words = written(request, member, name, document, zones)
        return words.isEmpty ? [] : [change(request, member, name, words)]
    }

    private func change(
        _ request: RecordedRequest, _ member: Member, _ name: String?, _ words: [String]
    ) -> RecordedChange {
        RecordedChange(
            request: request, subject: name.map { "\(member.word) \($0)" } ?? member.word + "s", words: words)
    }

    private mutating func removed(_ member: Member, _ name: String, _ zones: [String: ZoneState]) -> [String] {
        guard let old = labels.removeValue(forKey: member.key(name)) else { return ["deleted"] }
        return ["deleted; it was in \(member.zones(of: old, zones).text)"]
    }

    private mutating func written(
        _ request: RecordedRequest, _ member: Member, _ name: String, _ document: JSONValue,
        _ zones: [String: ZoneState]
    ) -> [String] {
        let new = (document["metadata"]?["labels"]?.object ?? [:]).compactMapValues(\.string)
        let old = labels.updateValue(new, forKey: member.key(name))
        let now = member.zones(of: new, zones)
        if request.verb == "create" {
            // While there were no zones, it said nothing to be in none.
            let isQuiet = now.isNowhere && (member.isNode || zones.values.allSatisfy(\.isGone))
            return isQuiet ? [] : ["created in \(now.text)"]
        }
        guard let old else {
            return member.isNode && now.isNowhere
                ? [] : ["it is in \(now.text) since; where it was before is not recorded"]
        }
        let before = member.zones(of: old, zones)
        guard old != new, before != now || !now.unknown.isEmpty else { return [] }
        let move = before == now ? "whether it moved is not known: \(now.text)" : "from \(before.text) to \(now.text)"
        return [move] + Self.differences(from: old, to: new)
    }

    private static func differences(from old: [String: String], to new: [String: String]) -> [String] {
        Set(old.keys).union(new.keys).sorted().compactMap { key in
            guard old[key] != new[key] else { return nil }
            func text(_ value: String?) -> String { value.map { JSONValue.quoted($0) } ?? "none" }
            return "label \(key) \(text(new[key])) (was \(text(old[key])))"
        }
    }
}

/// The two kinds that belong to zones by their labels.
private struct Member {
    let isNode: Bool

    var word: String { isNode ? "node" : "namespace" }
    var kind: String { isNode ? "Node" : "Namespace" }

    func key(_ name: String) -> String { "\(word) \(name)" }

    func zones(of labels: [String: String], _ zones: [String: ZoneState]) -> Place {
        var place = Place()
        for (name, zone) in zones.sorted(by: { $0.key < $1.key }) {
            switch zone {
            case .gone: continue
            case .unknown, .doubtful: place.unknown.append(name)
            case .known(let spec):
                let selector = spec[isNode ? "nodeSelector" : "namespaceSelector"].flatMap(SelectorWords.selector)
                if selector?.matches(labels) == true { place.names.append(name) }
            }
        }
        return place
    }
}

/// The zones that something was in, as far as they were known.
private struct Place: Equatable {
    var names: [String] = []
    /// Zones of which it was not recorded at that time whom they select.
    var unknown: [String] = []

    var isNowhere: Bool { names.isEmpty && unknown.isEmpty }

    var text: String {
        let known = names.isEmpty ? "no zone" : "zone \(names.joined(separator: " and zone "))"
        return unknown.isEmpty ? known : "\(known) of those recorded (not yet: \(unknown.joined(separator: ", ")))"
    }
}
