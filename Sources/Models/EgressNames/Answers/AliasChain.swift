import NetworkTypes

/// The way from the name that was asked to its addresses; what is not on the way is not believed.
struct AliasChain {
    /// More aliases in a row are a mistake, or a circle.
    static let longest = 16

    /// The question's name, and the names that it stands for, each with the shortest life of the aliases after it.
    private(set) var names: [(name: DomainName, life: UInt64)] = []
    private(set) var addresses: [(address: IPAddress, life: UInt64)] = []
    private(set) var refusals: [NameRefusal] = []

    init(_ answer: NameAnswer) {
        guard let records = answer.records else {
            refusals = [.unreadable(answer.question)]
            return
        }
        var aliases: [DomainName: NameRecord] = [:]
        for record in records where record.isAlias {
            if let other = aliases[record.owner], other.data != record.data {
                refusals = [.ambiguousAlias(record.owner)]
                return
            }
            aliases[record.owner] = record
        }
        guard follow(aliases, from: answer.question.name) else {
            refusals = [.longChain(answer.question.name)]
            names = []
            return
        }
        take(records, answer.question)
    }

    /// False if it does not end.
    private mutating func follow(_ aliases: [DomainName: NameRecord], from start: DomainName) -> Bool {
        var name = start
        names = [(name, .max)]
        while let record = aliases[name], case .alias(let target) = record.data {
            guard names.count <= Self.longest else { return false }
            for place in names.indices { names[place].life = min(names[place].life, record.life) }
            names.append((target, .max))
            name = target
        }
        return true
    }

    private mutating func take(_ records: [NameRecord], _ question: NameQuestion) {
        let onTheWay = Set(names.map(\.name))
        for record in records {
            switch record.data {
            case .alias: if !onTheWay.contains(record.owner) { refuse(.strayRecord(record.owner)) }
            case .address(let address):
                if record.owner != names.last?.name {
                    refuse(.strayRecord(record.owner))
                } else if address.family != question.family {
                    refuse(.otherFamily(question, address))
                } else {
                    addresses.append((address, record.life))
                }
            }
        }
    }

    private mutating func refuse(_ refusal: NameRefusal) {
        if !refusals.contains(refusal) { refusals.append(refusal) }
    }
}

extension NameRecord {
    fileprivate var isAlias: Bool {
        if case .alias = data { true } else { false }
    }
}
