import EgressAddressModel
import TestRandom

extension Simulation {
    /// Something goes wrong, or comes right again.
    mutating func disturb() {
        let names = nodes.keys.sorted()
        let name = random.pick(names)
        switch random.below(14) {
        case 0:
            nodes[name]?.isRunning = false
            // The machine dies with it, or not: its kernel goes on otherwise.
            if random.once(in: 2) { nodes[name]?.fence = [:] }
        case 1, 2: if nodes[name]?.isRunning == false { nodes[name]?.restart() }
        case 3: nodes[name]?.restart()
        case 4: nodes[name]?.frozenUntil = now + Int64(random.below(4_000))
        case 5:
            for other in names where other != name {
                cutLinks.insert([name, other])
                cutLinks.insert([other, name])
            }
            if random.once(in: 2) { apiIsAway.insert(name) }
        case 6: cutLinks.insert([name, random.pick(names)])
        case 7: cutLinks = []
        case 8 where random.once(in: 3): kernelTime = random.pick([20, 400, 1_500])
        case 8: loss = random.pick([0, 5, 20, 50])
        case 9 where random.once(in: 2): late = random.pick([0, 5, 20])
        case 9: slowness = random.pick([0, 0, 20, 200, 700])
        case 10: apiIsAway.formUnion(random.once(in: 2) ? names + ["controller0", "controller1"] : [name])
        case 11: apiIsAway = []
        case 12: drained = random.once(in: 2) ? [] : [name]
        default: disturbControllers()
        }
    }

    private mutating func disturbControllers() {
        if controllers.count < 3, random.once(in: 2) {
            controllers.append(SimulatedController())
            queue.add(.controller(controllers.count - 1), at: now)
        } else {
            let index = random.below(controllers.count)
            controllers[index].isRunning.toggle()
            controllers[index].isBusy = false
        }
    }

    /// Everything is as it should be again.
    mutating func heal() {
        kernelTime = 20
        (cutLinks, loss, late, slowness, apiIsAway, drained) = ([], 0, 0, 0, [], [])
        for name in nodes.keys {
            nodes[name]?.frozenUntil = 0
            if nodes[name]?.isRunning == false { nodes[name]?.restart() }
        }
        if !controllers.contains(where: \.isRunning) { controllers[0].isRunning = true }
    }
}
