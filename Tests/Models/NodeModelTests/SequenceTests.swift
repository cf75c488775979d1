import ClusterAPI
import NetworkTypes
import NodeModel
import Testing

@Suite struct SequenceTests {
    private static let lengths = Array(1...Story.steps.count)

    @Test("the state is the same whether it is settled after every step or at the end", arguments: lengths)
    func splitting(length: Int) {
        let steps = Array(Story.steps.prefix(length))
        #expect(Story.state(after: steps, settlingAlways: true) == Story.state(after: steps, settlingAlways: false))
    }

    @Test("steps that later ones override leave no trace", arguments: lengths)
    func squashing(length: Int) {
        let steps = Array(Story.steps.prefix(length))
        let squashed = Story.squashed(steps)
        #expect(Story.state(after: steps, settlingAlways: true) == Story.state(after: squashed, settlingAlways: false))
    }

    @Test("what exists decides, not the order in which it was heard of", arguments: [true, false])
    func reversing(settlingAlways: Bool) {
        let squashed = Story.squashed(Story.steps)
        let expected = Story.state(after: squashed, settlingAlways: false)
        #expect(Story.state(after: squashed.reversed(), settlingAlways: settlingAlways) == expected)
        for shift in 1..<squashed.count {
            let rotated = Array(squashed[shift...] + squashed[..<shift])
            #expect(Story.state(after: rotated, settlingAlways: settlingAlways) == expected)
        }
    }

    @Test("hearing everything twice changes nothing, and says so")
    func repeating() {
        let squashed = Story.squashed(Story.steps)
        var model = NodeModel(nodeName: "one")
        for step in squashed { step.apply(to: &model) }
        _ = model.settle()
        let before = model.state
        for step in squashed { step.apply(to: &model) }
        #expect(model.settle().isEmpty)
        #expect(model.state == before)
    }

    @Test("everything that differs is named in the changes")
    func changesAreComplete() {
        var model = NodeModel(nodeName: "one")
        for step in Story.steps {
            let before = model.state
            step.apply(to: &model)
            let changes = model.settle()
            for interface in Set(before.pods.keys).union(model.state.pods.keys)
            where before.pods[interface] != model.state.pods[interface] {
                #expect(changes.pods.contains(interface))
            }
            for set in Set(before.peerSets.keys).union(model.state.peerSets.keys)
            where before.peerSets[set] != model.state.peerSets[set] {
                #expect(changes.peerSets.contains(set))
            }
            let ways = Set(before.egress.ways.keys).union(model.state.egress.ways.keys)
            for address in ways where before.egress.ways[address] != model.state.egress.ways[address] {
                #expect(changes.egressWays.contains(address) && changes.strandsEgress)
            }
            let isMoved = before.node != model.state.node || before.remoteNodes != model.state.remoteNodes
            #expect(changes.topology || !isMoved)
        }
    }
}
