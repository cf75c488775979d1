import NFTables
import NetworkTypes

/// What leads a connection to one of the nodes that hold addresses for it, shared by all pods that have the same nodes.
///
/// What the nodes are is in its name: other nodes are another chain.
struct EgressChain: Hashable {
    /// The nodes' marks, ascending.
    let marks: [UInt32]

    var name: Name {
        let texts = marks.map { String($0, radix: 16) }
        if texts.count == 1 { return Name("egress-by-\(texts[0])") }
        return Name("egress-any-\(texts.joined(separator: ",").stableDigest)")
    }

    var chain: Chain {
        guard marks.count > 1 else {
            return Chain(rules: [EgressBaseChains.mark(marks.first ?? EgressMarks.closed, "to the holder")])
        }
        return Chain(rules: [
            Rule(
                id: "to any of \(marks.count) holders", .numberMark(below: UInt32(marks.count), offset: 0),
                .mapMark([.mark], name), .verdict(.goto(KernelNames.keepEgress))),
            // Never reached, as every number has a holder.
            EgressBaseChains.mark(EgressMarks.closed, "to none"),
        ])
    }

    /// From a number at random to a node's mark; nil where there is nothing to choose.
    var choices: NamedMap? {
        guard marks.count > 1 else { return nil }
        var map = NamedMap(.mark, to: [.mark])
        for (index, mark) in marks.enumerated() {
            map.elements[ElementKey(.mark(UInt32(index)))] = .data(ElementKey(.mark(mark)))
        }
        return map
    }
}
