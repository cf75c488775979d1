import ClusterAPI
import NetworkTypes
import PolicyEngine

/// The engine's verdicts held against what the zones' objects say, pair of zones by pair of zones.
///
/// What zones promise is read here from the objects a second time; agreement of both readings is the evidence. One pod
/// stands for all that no zone and no hole tells apart.
package struct ZoneProof: Sendable {
    package struct Pair: Hashable, Sendable {
        /// A zone, or pods that are in no zone or in two; nil for outside.
        package let from: String?
        package let to: String?
        package var questions = 0
        package var denied = 0
        /// What the engine says otherwise than the objects, with the question.
        package var disagreements: [String] = []
    }

    package private(set) var pairs: [Pair] = []
    /// True if some zone has more kinds of members than were asked about.
    package let isCut: Bool

    package var questions: Int { pairs.reduce(0) { $0 + $1.questions } }
    package var disagreements: [String] { pairs.flatMap(\.disagreements) }

    package init(_ world: ZoneWorld) {
        let witnesses = ZoneWitnesses(world)
        isCut = witnesses.isCut
        let places: [String?] =
            [nil] + world.zones.map(\.zone.key.name) + (witnesses.hasStrays ? [ZoneWitnesses.noOneZone] : [])
        for source in places {
            for target in places where source != nil || target != nil {
                pairs.append(Self.pair(source, target, witnesses, world))
            }
        }
    }

    private static func pair(
        _ source: String?, _ target: String?, _ witnesses: ZoneWitnesses, _ world: ZoneWorld
    ) -> Pair {
        var pair = Pair(from: source, to: target)
        for from in witnesses.of(source) {
            for to in witnesses.of(target) where from.pod != nil || to.pod != nil {
                if let one = from.pod, one.key == to.pod?.key { continue }
                for (transport, port) in witnesses.ports {
                    let flow = Flow(from: from.party, to: to.party, transport: transport, port: port)
                    let verdict = world.engine.verdict(for: flow)
                    // Above all tiers, or no packet at all.
                    if verdict.isExempt { continue }
                    pair.questions += 1
                    if !verdict.allowed { pair.denied += 1 }
                    let mayPass = witnesses.mayPass(from, source, to, target, transport, port)
                    let isRight = mayPass ? !verdict.isDeniedByZones : !verdict.allowed
                    if !isRight {
                        let asked = "\(from.party) to \(to.party) \(transport.rawValue)\(port.map { " \($0)" } ?? "")"
                        pair.disagreements.append("\(asked): \(verdict.rule)")
                    }
                }
            }
        }
        return pair
    }
}

extension Verdict {
    fileprivate var isDeniedByZones: Bool {
        [egress, ingress].contains { decision in
            if decision.allowed { return false }
            switch decision.rule {
            case .zone, .notInOneZone: return true
            default: return false
            }
        }
    }

    fileprivate var isExempt: Bool {
        switch egress.rule {
        case .ownNode, .itself, .unreachable: true
        default: false
        }
    }
}
