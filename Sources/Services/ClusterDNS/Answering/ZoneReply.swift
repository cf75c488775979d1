import ClusterAPI
import DNSFormats
import DNSModel
import NetworkTypes

/// What the zone makes of a question: an answer, or whom to ask.
enum ZoneReply {
    case answer(DNSMessage)
    /// It is about somebody else's name.
    case foreign
    /// So far it is answered; somebody else's name is left, which an alias leads to.
    case partial(DNSMessage, rest: DNSQuestion)
}

/// Answers from the zone.
struct ZoneAnswers {
    let store: ZoneStore
    let timeToLive: UInt32

    /// An alias of an alias of an alias is a mistake, or a circle.
    private static let longestChain = 8

    /// - Parameter blank: an answer without anything in it.
    func reply(to question: DNSQuestion, _ blank: DNSMessage) -> ZoneReply {
        if let address = question.name.reverseAddress { return reverse(address, question, blank) }
        var message = blank
        message.header.isAuthoritative = true
        var name = question.name
        for _ in 0..<Self.longestChain {
            switch store.lookUp(name) {
            case .foreign where message.answers.isEmpty: return .foreign
            case .foreign: return .partial(message, rest: DNSQuestion(name, question.type))
            case .unknown: return .answer(Self.failure(blank))
            case .missing:
                message.code = .noSuchName
                message.authorities = [authority]
                return .answer(message)
            case .found(let records):
                if let alias = records.alias, question.type != .cname, question.type != .any {
                    message.answers.append(record(name, .alias(alias)))
                    name = alias
                    continue
                }
                fill(&message, with: records, at: name, question.type)
                return .answer(message)
            }
        }
        return .answer(Self.failure(blank))
    }

    static func failure(_ blank: DNSMessage, _ code: DNSResponseCode = .serverFailure) -> DNSMessage {
        var message = blank
        message.code = code
        return message
    }

    /// Who has an address of the cluster; about others, others are asked.
    private func reverse(_ address: IPAddress, _ question: DNSQuestion, _ blank: DNSMessage) -> ZoneReply {
        guard let names = store.names(of: address) else { return .answer(Self.failure(blank)) }
        if names.isEmpty { return .foreign }
        var message = blank
        message.header.isAuthoritative = true
        if question.type == .ptr || question.type == .any {
            message.answers = names.map { record(question.name, .pointer($0)) }
        } else {
            message.authorities = [authority]
        }
        return .answer(message)
    }

    private func fill(
        _ message: inout DNSMessage, with records: NameRecords, at name: DomainName, _ type: DNSRecordType
    ) {
        var data = data(of: records)
        if name == store.origin { data += [authority.data, .nameServer(server)] }
        let chosen = data.filter { type == .any || $0.type == type }
        message.answers += chosen.map { record(name, $0) }
        if chosen.isEmpty { message.authorities = [authority] }
        if type == .srv { message.additionals = addresses(of: records.services.map(\.target)) }
    }

    /// In another order each time: clients take the first.
    private func data(of records: NameRecords) -> [DNSRecordData] {
        let addresses = records.addresses.shuffled().map { DNSRecordData.address($0) }
        let services = records.services.shuffled().map {
            DNSRecordData.service(priority: 0, weight: 100, port: $0.port, $0.target)
        }
        return addresses + services
            + [records.alias.map { .alias($0) }, records.text.map { .text($0) }]
            .compactMap(\.self)
    }

    private func addresses(of targets: [DomainName]) -> [DNSRecord] {
        Set(targets).flatMap { target -> [DNSRecord] in
            guard case .found(let records) = store.lookUp(target) else { return [] }
            return records.addresses.map { record(target, .address($0)) }
        }
    }

    private func record(_ name: DomainName, _ data: DNSRecordData) -> DNSRecord {
        DNSRecord(name, timeToLive: timeToLive, data)
    }

    /// The name that pods find this server by.
    private var server: DomainName {
        ["svc", ClusterDNS.service.namespace, ClusterDNS.service.name].reduce(store.origin) { $0.prepending($1) ?? $0 }
    }

    private var authority: DNSRecord {
        let mailbox = store.origin.prepending("hostmaster") ?? store.origin
        let data = DNSAuthority(server: server, mailbox: mailbox, serial: store.serial, minimum: timeToLive)
        return record(store.origin, .authority(data))
    }
}
