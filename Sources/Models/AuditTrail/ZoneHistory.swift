package import ClusterAPI

/// Who changed which zone, and what that changed: each recorded state held against the one before.
package struct ZoneHistory: Sendable {
    /// By the name of the zone; in the order of time.
    package private(set) var zones: [String: [RecordedChange]] = [:]
    /// Writes of zones whose names are not recorded.
    package private(set) var unnamed: [RecordedChange] = []
    /// Namespaces and nodes that came to other zones.
    package private(set) var moves: [RecordedChange] = []
    /// Successful writes of nodes of which nothing but the fact is recorded: their labels may have changed.
    package private(set) var silentNodeWrites = 0
    /// What zones say now and the log does not explain, by their names.
    package private(set) var unexplained: [String: [String]] = [:]

    private var states: [String: ZoneState]
    /// What each generation of a zone said: the present may be older than the end of the log.
    private var generations: [String: JSONValue] = [:]
    private var members = MemberHistory()

    /// - Parameter present: The zones as they are now, by name.
    package init(_ requests: [RecordedRequest], present: [String: JSONValue]) {
        let changed = Set(requests.filter { $0.isZone && $0.succeeded }.compactMap(\.name))
        let created = Set(changed.filter { name in requests.first { $0.isZone && $0.name == name }?.verb == "create" })
        // What no request changed was always so; what a request made was not there before it.
        states = present.filter { !changed.contains($0.key) }.mapValues { .known($0["spec"] ?? [:]) }
        for name in changed.subtracting(created) { states[name] = .unknown }
        for request in requests { request.isZone ? addZone(request) : addMember(request) }
        for name in Set(present.keys).union(states.keys).sorted() {
            guard changed.contains(name) else { continue }
            var state = states[name]
            if case .known = state, let spec = present[name].flatMap(Self.generation).flatMap({ generations[$0] }) {
                state = .known(spec)
            }
            unexplained[name] = Self.unexplained(present[name], state)
        }
    }

    /// The zones that the log tells of or does not explain, without those that are there.
    package func pastZones(besides present: some Collection<String>) -> [String] {
        Set(zones.keys).union(unexplained.keys).subtracting(present).sorted()
    }

    private mutating func addZone(_ request: RecordedRequest) {
        guard request.verb != "deletecollection" else { return addCollection(request) }
        guard let name = request.name else {
            unnamed.append(RecordedChange(request: request, subject: "a zone", words: words(request, "")))
            return
        }
        let change = RecordedChange(request: request, subject: "zone \(name)", words: words(request, name))
        zones[name, default: []].append(change)
    }

    private mutating func addCollection(_ request: RecordedRequest) {
        guard request.succeeded, let names = request.removedNames else {
            let words =
                request.succeeded
                ? ["zones deleted; which ones is not recorded"] : RecordedChange.refusal(request)
            unnamed.append(RecordedChange(request: request, subject: "zones", words: words))
            if request.succeeded { for name in states.keys { states[name]?.doubt() } }
            return
        }
        for name in names {
            let words = ["deleted, with others"] + goodbye(name)
            states[name] = .gone
            zones[name, default: []].append(RecordedChange(request: request, subject: "zone \(name)", words: words))
        }
    }

    /// Takes the request's state for the present one.
    private mutating func words(_ request: RecordedRequest, _ name: String) -> [String] {
        guard request.succeeded else { return RecordedChange.refusal(request) }
        if request.verb == "delete" {
            if request.waits(kind: "Zone") { return ["deletion begun; it holds until its finalizers are gone"] }
            defer { states[name] = .gone }
            return ["deleted"] + goodbye(name)
        }
        guard let document = request.state(kind: "Zone") else {
            states[name, default: .unknown].doubt()
            return ["what it changed is not recorded"]
        }
        let spec = document["spec"] ?? [:]
        let before = states[name]
        states[name] = .known(spec)
        if let generation = Self.generation(document) { generations[generation] = spec }
        if document["metadata"]?["deletionTimestamp"] != nil, !request.waits(kind: "Zone") {
            states[name] = .gone
            return ["its last finalizer removed: deleted"]
        }
        return Self.words(request.verb, before, spec)
    }

    private static func words(_ verb: String, _ before: ZoneState?, _ spec: JSONValue) -> [String] {
        if verb == "create" { return ["created"] + ZoneWords.all(spec) }
        switch before {
        case .known(let old):
            let differences = ZoneWords.differences(from: old, to: spec)
            return differences.isEmpty ? ["its spec stayed the same"] : differences
        case .doubtful(let old):
            return ["against its last recorded state, with changes between that are not recorded:"]
                + ZoneWords.differences(from: old, to: spec)
        case .unknown, .gone, nil:
            return ["what it was before is not recorded; it says since:"] + ZoneWords.all(spec)
        }
    }

    /// The holes that close with a zone.
    private func goodbye(_ name: String) -> [String] {
        guard let spec = states[name]?.spec else { return [] }
        return HoleWords.holes(spec).map { "hole \($0.name) removed: \(HoleWords.text($0.hole))" }
    }

    /// Names one state of the spec of one object; nil where servers do not count them.
    private static func generation(_ document: JSONValue) -> String? {
        guard let uid = document["metadata"]?["uid"]?.string, let number = document["metadata"]?["generation"]?.int
        else { return nil }
        return "\(uid) \(number)"
    }

    private static func unexplained(_ present: JSONValue?, _ state: ZoneState?) -> [String]? {
        switch (present, state) {
        case (let present?, .known(let spec)):
            let words = ZoneWords.differences(from: spec, to: present["spec"])
            return words.isEmpty ? nil : ["it says now what no recorded request wrote:"] + words
        case (.some, .gone): return ["it is there now, and no request that made it again is recorded"]
        case (nil, .known), (nil, .doubtful), (nil, .unknown):
            return ["it is not there now, and no request that deleted it is recorded"]
        default: return nil
        }
    }

    private mutating func addMember(_ request: RecordedRequest) {
        if request.resource == "nodes", request.succeeded, request.verb != "delete", request.state(kind: "Node") == nil
        {
            silentNodeWrites += 1
        }
        moves += members.changes(request, states)
    }
}

/// What is known of a zone at some time.
enum ZoneState {
    case known(JSONValue)
    /// Known from before a change that is not recorded.
    case doubtful(JSONValue)
    case unknown
    case gone

    var spec: JSONValue? {
        switch self {
        case .known(let spec), .doubtful(let spec): spec
        case .unknown, .gone: nil
        }
    }

    var isGone: Bool {
        if case .gone = self { true } else { false }
    }

    mutating func doubt() {
        switch self {
        case .known(let spec): self = .doubtful(spec)
        case .gone: self = .unknown
        case .doubtful, .unknown: break
        }
    }
}
