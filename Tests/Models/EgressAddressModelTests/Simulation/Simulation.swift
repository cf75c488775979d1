import ClusterAPI
import EgressAddressModel
import NetworkTypes
import TestRandom

/// A cluster in which everything may go wrong, in real time that only it knows, by milliseconds.
struct Simulation {
    static let addresses = (10...13).compactMap { IPAddress("192.0.2.\($0)") }

    var random: SeededGenerator
    var now: Int64 = 0
    var nodes: [String: SimulatedNode] = [:]
    var controllers: [SimulatedController]
    var api = SimulatedAPI()
    var queue = EventQueue()

    // What is wrong at the moment.
    var cutLinks: Set<[String]> = []
    /// Out of 100 packets.
    var loss = 0
    /// Out of 100 packets, up to two seconds late.
    var late = 0
    var slowness: Int64 = 0
    /// What kernels take at most for a change.
    var kernelTime = 20
    var apiIsAway: Set<String> = []
    var drained: Set<String> = []

    /// The first moment at which two nodes let out the same address.
    var violation: String?
    /// Since when all addresses are somewhere.
    var completeSince: Int64?
    var moves = 0

    init(seed: Int, nodes count: Int) {
        random = SeededGenerator(seed: seed)
        controllers = [SimulatedController()]
        let names = (0..<count).map { "n\($0)" }
        for name in names {
            let rate = 1 + Double(random.below(2_001) - 1_000) / 100_000
            nodes[name] = SimulatedNode(name: name, rate: rate, offset: Int64(random.below(1_000_000)))
            var object = EgressNode(name: name, spec: EgressNodeSpec(addresses: [], releasing: []))
            object.spec?.witnesses = Self.witnesses(of: name, among: names)
            api.put(object)
            queue.add(.node(name, nil, .tick), at: Int64(random.below(100)))
        }
        queue.add(.controller(0), at: 10)
    }

    static func witnesses(of name: String, among names: [String]) -> [String] {
        let others = names.filter { $0 != name }
        return others.count >= 3 ? Array(others.prefix(3)) : others.isEmpty ? [] : others + [EgressNode.apiWitness]
    }

    enum Happening {
        /// Of an incarnation of a process; nil: whichever runs.
        case node(String, Int?, Event)
        case controller(Int)
        case request(APIRequest, by: Asker)
        case answer(APIAnswer?, APIRequest, to: Asker)
    }

    struct Asker {
        let name: String
        /// The incarnation of a process, or the turn of a controller.
        let count: Int
        var controller: Int?
    }

    mutating func run(until end: Int64) {
        while let (time, happening) = queue.next(before: end) {
            now = time
            switch happening {
            case .node(let name, let incarnation, let event): deliver(event, to: name, incarnation)
            case .controller(let index): turn(index)
            case .request(let request, let asker): arrive(request, asker)
            case .answer(let answer, let request, let asker): take(answer, request, asker)
            }
            judge()
        }
        now = end
    }

    /// The law.
    private mutating func judge() {
        var holders: [IPAddress: String] = [:]
        for (name, node) in nodes {
            for address in node.held(now) {
                if let other = holders[address], violation == nil {
                    violation = "\(address) is at \(min(name, other)) and \(max(name, other)) at \(now) ms"
                }
                holders[address] = name
            }
        }
        completeSince = holders.count == Self.addresses.count ? completeSince ?? now : nil
    }

    // MARK: Ways

    /// How long a packet takes, or nil when it does not arrive.
    mutating func packetDelay(_ from: String, _ to: String) -> Int64? {
        if cutLinks.contains([from, to]) || random.below(100) < loss { return nil }
        let isLate = random.below(100) < late
        return 1 + Int64(random.below(3)) + (isLate ? Int64(random.below(2_000)) : 0) + slowness
    }

    mutating func ask(_ request: APIRequest, _ asker: Asker) {
        let isAway = apiIsAway.contains(asker.name)
        // Refused before it was sent, or lost on the way; what is lost may arrive when the asker has given up.
        if isAway, random.once(in: 2) {
            queue.add(.answer(nil, request, to: asker), at: now + 5)
        } else if isAway || random.below(200) < loss {
            if random.once(in: 3) {
                // Whoever asked hears of it no more.
                let nobody = Asker(name: asker.name, count: -1, controller: asker.controller)
                queue.add(.request(request, by: nobody), at: now + 500 + Int64(random.below(6_000)))
            }
            queue.add(.answer(nil, request, to: asker), at: now + 1_000)
        } else {
            queue.add(.request(request, by: asker), at: now + 1 + Int64(random.below(6)) + slowness * 2)
        }
    }

    private mutating func arrive(_ request: APIRequest, _ asker: Asker) {
        let answer = api.perform(request)
        let delay = 1 + Int64(random.below(6)) + slowness
        queue.add(.answer(answer, request, to: asker), at: now + delay)
        switch request {
        case .list, .lease, .renew: break
        default: spread()
        }
    }

    /// Watches tell of a change, to each at its own time.
    private mutating func spread() {
        let all = Array(api.objects.values)
        for name in nodes.keys.sorted() where !apiIsAway.contains(name) {
            queue.add(.node(name, nil, .watched(all)), at: now + 2 + Int64(random.below(30)) + slowness)
        }
    }
}

/// What is to happen, in the order of time; of the same time, in the order of coming.
struct EventQueue {
    private var heap: [(time: Int64, number: Int, happening: Simulation.Happening)] = []
    private var count = 0

    mutating func add(_ happening: Simulation.Happening, at time: Int64) {
        count += 1
        heap.append((time, count, happening))
        var index = heap.count - 1
        while index > 0, isBefore(index, (index - 1) / 2) {
            heap.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    private func isBefore(_ a: Int, _ b: Int) -> Bool {
        (heap[a].time, heap[a].number) < (heap[b].time, heap[b].number)
    }

    mutating func next(before end: Int64) -> (Int64, Simulation.Happening)? {
        guard let first = heap.first, first.time < end else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var index = 0
        while true {
            var least = index
            for child in [2 * index + 1, 2 * index + 2] where child < heap.count && isBefore(child, least) {
                least = child
            }
            if least == index { break }
            heap.swapAt(index, least)
            index = least
        }
        return (first.time, first.happening)
    }
}
