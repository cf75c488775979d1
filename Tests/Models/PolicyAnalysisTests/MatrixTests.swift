import ClusterAPI
import NetworkTypes
import PolicyAnalysis
import PolicyEngine
import TestRandom
import Testing

/// The matrix of classes against the engine's verdict on every pair, and against the naive reading of the objects.
@Suite struct MatrixTests {
    @Test(
        "the class matrix equals the verdict of every pair on 120 random clusters with all tiers, zones and tenancy",
        arguments: 0..<6)
    func equalsVerdicts(part: UInt64) {
        var (allowed, asked, names) = (0, 0, 0)
        for seed in (part * 20)..<(part * 20 + 20) {
            let world = RandomWorld(seed: seed)
            let parties = world.parties
            let matrix = ConnectivityMatrix(parties)
            var naive = world.naive
            naive.told = parties.members.compactMap(told)
            names += naive.told.count
            var oracle = Oracle(naive, seed: seed)
            for from in parties.members {
                for to in parties.members where from.party != to.party {
                    let (yes, count) = compare(matrix, parties.engine, &oracle, from, to, seed)
                    allowed += yes
                    asked += count
                }
            }
        }
        // A generator that only allows, or only denies, would prove nothing.
        #expect(asked / 10 < allowed && allowed < asked * 9 / 10, "\(allowed) of \(asked) allowed")
        #expect(names > 5, "\(names)")
    }

    /// As the naive reading writes names.
    private func told(_ member: Member) -> (name: String, address: IPAddress)? {
        guard let name = member.name, case .address(let address) = member.party else { return nil }
        return (String(name.example.description.lowercased().dropLast()), address)
    }

    private func compare(
        _ matrix: ConnectivityMatrix, _ engine: PolicyEngine, _ oracle: inout Oracle, _ from: Member, _ to: Member,
        _ seed: UInt64
    ) -> (allowed: Int, asked: Int) {
        guard let source = matrix.index(of: from.party), let destination = matrix.index(of: to.party) else {
            Issue.record("seed \(seed): \(from.party) or \(to.party) is in no class")
            return (0, 0)
        }
        var (allowed, asked) = (0, 0)
        for question in Question.all(engine, from, to) {
            for (transport, port) in probes {
                let verdict = engine.verdict(
                    for: Flow(from: question.from, to: question.to, transport: transport, port: port))
                if verdict.isPromised || (from.isOutside && to.isOutside) { continue }
                guard let cell = matrix[source, destination] else {
                    Issue.record("seed \(seed): no cell for \(question)")
                    return (allowed, asked)
                }
                let part = cell.parts(question.family).first { $0.ports.contains(transport, port) }
                asked += 1
                if verdict.allowed { allowed += 1 }
                // A million questions: an #expect for each would take longer than the answers.
                let cellAllows = part?.allowed ?? false
                if cellAllows != verdict.allowed {
                    Issue.record("seed \(seed): \(question) \(transport) \(port ?? 0): \(verdict.rule)")
                }
                if let part,
                    part.egress.text != verdict.egress.wordsForAll || part.ingress.text != verdict.ingress.wordsForAll
                {
                    Issue.record("seed \(seed): \(question): other words: \(part.egress.text), \(part.ingress.text)")
                }
                if let expected = oracle.isAllowed(question, transport, port), cellAllows != expected {
                    Issue.record(
                        "seed \(seed): the objects say otherwise: \(question) \(transport) \(port ?? 0): \(verdict.rule)"
                    )
                }
            }
        }
        return (allowed, asked)
    }

    @Test("a thousand pods of one application are one class, whatever their number")
    func classesNotPairs() {
        var engine = PolicyEngine()
        for index in 0..<1_000 {
            let app = index % 2 == 0 ? "web" : "db"
            engine.upsert(
                Pod(
                    metadata: ObjectMeta(name: "\(app)-\(index)", namespace: "shop", labels: ["app": app]),
                    status: PodStatus(phase: "Running", podIPs: ["10.0.\(index / 250).\(index % 250)"])))
        }
        engine.upsert(
            policy(
                "db", in: "shop", pods: LabelSelector(matchLabels: ["app": "db"]),
                ingress: [
                    .init(
                        from: [.init(podSelector: LabelSelector(matchLabels: ["app": "web"]))],
                        ports: [.init(port: .int(5432))])
                ]))
        let matrix = ConnectivityMatrix(ClusterParties(engine, nodes: []))
        #expect(matrix.classes.map(\.members.count).sorted() == [1, 500, 500])
        #expect(matrix.questionCount < 40)
    }
}

/// The naive reading, for one question in twenty: it is slow.
struct Oracle {
    private let naive: NaiveSemantics
    private var random: SeededGenerator

    init(_ naive: NaiveSemantics, seed: UInt64) {
        self.naive = naive
        random = SeededGenerator(seed: seed)
    }

    /// Nil for a question that is not asked.
    mutating func isAllowed(_ question: Question, _ transport: TransportProtocol, _ port: UInt16?) -> Bool? {
        random.once(in: 20) ? naive.isAllowed(question.from, question.to, transport, port) : nil
    }
}

extension Decision {
    /// What holds for everybody about whom rules say the same: the rule, without the names of the two ends.
    fileprivate var wordsForAll: String {
        switch rule {
        case .notSelected(_, let direction): "no policy selects it for \(direction.rawValue)"
        case .noTierDecides(_, let direction): "no tier decides about its \(direction.rawValue): allowed"
        case .node: "policies do not select nodes"
        case .external: "policies do not select what is outside"
        case .unreachable: "nothing can be sent there"
        default: rule.counted.description
        }
    }
}

extension Verdict {
    /// What the network promises whatever policies say.
    var isPromised: Bool {
        switch egress.rule {
        case .itself, .ownNode: true
        default: false
        }
    }
}

/// One way to ask about a pair: by name, or in one address family.
struct Question: CustomStringConvertible {
    let from: Party
    let to: Party
    let family: IPAddress.Family?

    var description: String { "\(from) to \(to)" }

    static func all(_ engine: PolicyEngine, _ from: Member, _ to: Member) -> [Question] {
        let (sources, destinations) = (engine.addresses(of: from.party), engine.addresses(of: to.party))
        let shared = sources.map(\.family).filter { family in destinations.contains { $0.family == family } }
        var questions = [Question(from: from.party, to: to.party, family: shared.first)]
        for family in shared {
            guard let source = sources.first(where: { $0.family == family }),
                let destination = destinations.first(where: { $0.family == family })
            else { continue }
            questions.append(Question(from: .address(source), to: .address(destination), family: family))
        }
        return questions
    }
}
