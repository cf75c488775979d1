import FlowModel
import NetworkTypes
import Testing

@Suite("What the kernel did and what the engine says make one verdict")
struct FlowVerdictTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let deed: FlowVerdict.Deed
        /// Whether the engine allows egress and ingress.
        let allows: (egress: Bool, ingress: Bool)
        var here = (source: true, destination: true)
        let verdict: FlowRecord.Verdict
        let rule: String
    }

    static let cases: [Case] = [
        Case(
            testDescription: "allowed", deed: .passed, allows: (true, true), verdict: .allowed,
            rule: "egress rule; ingress rule"),
        Case(
            testDescription: "the other node will deny", deed: .passed, allows: (true, false), here: (true, false),
            verdict: .denied, rule: "ingress rule"),
        Case(
            testDescription: "passed under policies of the past", deed: .passed, allows: (true, false),
            verdict: .allowed, rule: "egress rule; passed before: ingress rule"),
        Case(
            testDescription: "denied", deed: denied("ingress", "ingress chain"), allows: (true, false),
            verdict: .denied, rule: "ingress rule"),
        Case(
            testDescription: "denied on both sides, the destination's not asked",
            deed: denied("egress", "egress chain"), allows: (false, false), verdict: .denied,
            rule: "egress rule; ingress rule"),
        Case(
            testDescription: "denied by the destination, and by the source since",
            deed: denied("ingress", "ingress chain"), allows: (false, false), verdict: .denied, rule: "ingress rule"),
        Case(
            testDescription: "denied under policies of the past", deed: denied("ingress", "another chain"),
            allows: (true, true), verdict: .denied, rule: "words of egress"),
        Case(
            testDescription: "denied by the source under policies of the past, both pods here",
            deed: denied("egress", "another chain"), allows: (true, false), verdict: .denied,
            rule: "words of egress; ingress rule"),
        Case(
            testDescription: "denied by the destination under policies of the past, as its own node sees it",
            deed: denied("ingress", "another chain"), allows: (true, false), here: (false, true), verdict: .denied,
            rule: "words of egress"),
        Case(
            testDescription: "dropped for another reason", deed: .dropped(name: "drop_spoof", by: nil),
            allows: (true, true), verdict: .denied, rule: "drop_spoof"),
        Case(
            testDescription: "kept from the cloud's metadata", deed: .dropped(name: "drop_metadata", by: nil),
            allows: (false, true), verdict: .denied, rule: "egress rule"),
        Case(
            testDescription: "kept from the cloud's metadata, which has been opened since",
            deed: .dropped(name: "drop_metadata", by: nil), allows: (true, true), verdict: .denied,
            rule: "drop_metadata"),
        Case(
            testDescription: "dropped by rules of an older agent, which name no chain",
            deed: .dropped(name: "drop_policy", by: nil), allows: (true, false), verdict: .denied,
            rule: "ingress rule"),
    ]

    /// The words are of no use to find out which side it was.
    private static func denied(_ side: String, _ chain: String) -> FlowVerdict.Deed {
        .dropped(
            name: "drop_policy", by: .init(isEgress: side == "egress", chain: chain, words: "words of egress"))
    }

    private static func judgement(_ sample: Case, _ ends: [FlowEndpoint]) -> FlowVerdict.Judgement {
        FlowVerdict.Judgement(
            source: ends[0], destination: ends[1],
            egress: .init(allowed: sample.allows.egress, rule: "egress rule", policy: "egress policy"),
            ingress: .init(allowed: sample.allows.ingress, rule: "ingress rule", policy: "ingress policy"),
            isSourceHere: sample.here.source, isDestinationHere: sample.here.destination,
            egressChain: sample.allows.egress ? nil : "egress chain",
            ingressChain: sample.allows.ingress ? nil : "ingress chain")
    }

    @Test("verdicts", arguments: cases)
    func verdict(_ sample: Case) {
        let ends = [1, 2].map { FlowEndpoint(address: IPAddress(v4: $0)) }
        var record = FlowRecord(
            observer: "one", ipProtocol: 6, source: ends[0], destination: ends[1], verdict: .allowed, start: 0)
        FlowVerdict.fill(&record, sample.deed, Self.judgement(sample, ends))
        #expect(record.verdict == sample.verdict)
        #expect(record.rule == sample.rule)
        // What the kernel did is never told as what another side's policy says now.
        for (decision, side) in [(record.egress, "egress"), (record.ingress, "ingress")] {
            let words = decision?.rule ?? ""
            #expect(decision?.policy == (words == "\(side) rule" ? "\(side) policy" : "(changed)"))
        }
    }

    @Test("a staged verdict is told beside the real one, but not for what policies have no say in", arguments: cases)
    func staged(_ sample: Case) {
        let ends = [1, 2].map { FlowEndpoint(address: IPAddress(v4: $0)) }
        let decision = FlowRecord.Decision(allowed: true, rule: "rule")
        var judgement = FlowVerdict.Judgement(
            source: ends[0], destination: ends[1], egress: decision, ingress: decision, isSourceHere: true,
            isDestinationHere: true)
        for staged in [nil, FlowRecord.Decision(allowed: false, rule: "staged")] {
            judgement.staged = staged
            var record = FlowRecord(
                observer: "one", ipProtocol: 6, source: ends[0], destination: ends[1], verdict: .allowed, start: 0)
            FlowVerdict.fill(&record, sample.deed, judgement)
            #expect(record.staged == (record.drop == "drop_spoof" ? nil : staged))
        }
    }

    @Test("what limits kept back is counted once the reports have had time to come")
    func losses() {
        var meter = LossMeter(after: ["drop_policy": 10])
        meter.read(["drop_policy": 14, "flow_new": 3])
        #expect(meter.unattended == 7 && meter.sampled == 0)
        meter.report(20)
        meter.read(["drop_policy": 114, "flow_new": 3])
        #expect(meter.sampled == 0)
        meter.read(["drop_policy": 114, "flow_new": 3])
        #expect(meter.sampled == 80)
        // The table was made anew.
        meter.report(2)
        meter.read(["drop_policy": 2, "flow_new": 0])
        meter.read(["drop_policy": 2, "flow_new": 0])
        #expect(meter.sampled == 80 && meter.unattended == 7)
        var first = LossMeter(after: nil)
        first.read(["drop_policy": 1_000_000])
        #expect(first.unattended == 0)
    }
}
