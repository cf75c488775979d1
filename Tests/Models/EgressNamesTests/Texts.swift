import ClusterAPI
import EgressNames
import NetworkTypes
import Testing

/// Names, answers and what was learned, as a person writes them.
enum Texts {
    static let server = IPAddress(v4: 0xC000_0235)

    static func name(_ text: String) throws -> DomainName { try #require(DomainName(text)) }
    static func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }
    static func pod(_ name: String) -> ObjectKey { ObjectKey(namespace: "shop", name: name) }

    static func pattern(_ text: String) throws -> NamePattern { try #require(NamePattern(text)) }

    static func selectors(_ texts: [String]) throws -> Set<NameSelector> {
        Set(try texts.map { NameSelector(try #require(NamePattern($0))) })
    }

    /// `www.example.com AAAA`; A if it says nothing.
    static func question(_ text: String) throws -> NameQuestion {
        let words = text.split(separator: " ")
        return NameQuestion(try name(String(words[0])), words.last == "AAAA" ? .v6 : .v4)
    }

    /// `www.example.com 60 192.0.2.1`, or a name for an alias.
    static func record(_ text: String) throws -> NameRecord {
        let words = text.split(separator: " ").map(String.init)
        let data: NameRecord.Data =
            try IPAddress(words[2]).map { .address($0) } ?? .alias(name(words[2]))
        return NameRecord(try name(words[0]), data, timeToLive: try #require(UInt32(words[1])))
    }

    static func answer(_ asked: String, _ records: [String], from server: IPAddress = server) throws -> NameAnswer {
        NameAnswer(from: server, to: try question(asked), try records.map(record))
    }

    static func told(_ entries: [LearnedAddress]) -> [String] {
        entries.map { "\($0.client.name) \($0.name) \($0.address) \($0.deadline)" }
    }

    static func told(_ sets: [NameSelector: Set<IPAddress>]) -> [String: [String]] {
        var told: [String: [String]] = [:]
        for (selector, addresses) in sets {
            told[selector.pattern.description] = addresses.sorted().map(\.description)
        }
        return told
    }
}

extension LearnedNames {
    /// A pod asks, and is answered.
    mutating func teach(_ pod: String, _ asked: String, _ records: [String], at now: UInt64 = 0) throws -> NameLesson {
        let id = try ask(try Texts.question(asked), for: Texts.pod(pod), of: Texts.server)
        return learn(try Texts.answer(asked, records), to: id, at: now)
    }

    mutating func mention(_ texts: [String], by pod: String) throws -> NameSetDelta {
        mention(try Texts.selectors(texts), by: Texts.pod(pod))
    }
}
