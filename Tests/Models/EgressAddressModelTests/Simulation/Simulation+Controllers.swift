import ClusterAPI
import EgressAddressModel
import NetworkTypes
import TestRandom

extension Simulation {
    private func asker(_ index: Int) -> Asker {
        Asker(name: "controller\(index)", count: controllers[index].turn, controller: index)
    }

    /// A controller looks at everything anew.
    mutating func turn(_ index: Int) {
        queue.add(.controller(index), at: now + 100)
        guard controllers[index].isRunning, !controllers[index].isBusy else { return }
        controllers[index].isBusy = true
        controllers[index].turn += 1
        ask(.list, asker(index))
    }

    mutating func takeByController(_ answer: APIAnswer?, _ request: APIRequest, _ asker: Asker) {
        guard let index = asker.controller, controllers[index].isRunning, asker.count == controllers[index].turn
        else { return }
        switch (request, answer) {
        case (.list, .list(let objects)):
            controllers[index].objects = objects
            controllers[index].silentLeases = []
            controllers[index].toAsk = objects.filter { ($0.status?.witnesses ?? []).contains(EgressNode.apiWitness) }
                .map(\.key.name)
            step(index)
        case (.lease(let node), .lease(let version)):
            let isSilent = controllers[index].silence.isSilent(
                node, version: version, at: now, for: HoldTiming().silence)
            if isSilent { controllers[index].silentLeases.insert(node) }
            controllers[index].toAsk.removeAll { $0 == node }
            step(index)
        case (.list, _), (.lease, _): controllers[index].isBusy = false
        default: break
        }
    }

    private mutating func step(_ index: Int) {
        let controller = controllers[index]
        if let next = controller.toAsk.first { return ask(.lease(next), asker(index)) }
        controllers[index].isBusy = false
        let wanted = controller.wanted(Self.addresses, drained: drained)
        let moves = EgressMove.plan(
            controller.objects, wanted: wanted, apiIsSilent: controller.silentLeases)
        self.moves += moves.count
        for move in moves { ask(.move(move), asker(index)) }
        if moves.isEmpty { chooseWitnesses(index) }
    }

    /// Other witnesses for one whose witnesses are lost, now and then.
    private mutating func chooseWitnesses(_ index: Int) {
        guard nodes.count > 4, random.once(in: 20),
            let object = controllers[index].objects.randomElement(using: &random)
        else { return }
        let others = nodes.keys.filter { $0 != object.key.name }.sorted().shuffled(using: &random)
        ask(.witnesses(others.prefix(3).sorted(), of: object), asker(index))
    }
}
