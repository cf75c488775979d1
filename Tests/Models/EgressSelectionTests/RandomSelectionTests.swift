import ClusterAPI
import EgressSelection
import NetworkTypes
import TestRandom
import Testing

/// The answers after any history are those that a look at all objects at once would give.
@Suite struct RandomSelectionTests {
    @Test("random histories end in what a naive reading of the objects says", arguments: 0..<300)
    func sameAsNaive(seed: Int) {
        var world = RandomWorld(seed: seed)
        var selection = EgressSelection()
        var told: [ObjectKey: [String]] = [:]
        for _ in 0..<80 {
            world.step(&selection)
            guard Int.random(in: 0..<3, using: &world.random) > 0 else { continue }
            let changed = selection.settle()
            let now = world.answers()
            for pod in Set(told.keys).union(now.keys) {
                #expect(selection[pod]?.words == now[pod], "\(pod)")
                #expect(told[pod] == now[pod] || changed.contains(pod), "\(pod) changed in silence")
            }
            #expect(Set(selection.selected) == Set(now.keys))
            for pod in world.pods.keys { Self.compareDepartures(of: pod, selection, now[pod]) }
            told = now
        }
    }

    /// What is said of a connection is what the active addresses come to: by the pod's own node alone, else by each that has any.
    private static func compareDepartures(of pod: ObjectKey, _ selection: EgressSelection, _ active: [String]?) {
        for family in IPAddress.Family.allCases {
            for node in [nil, "a", "b"] {
                guard let departure = selection.departure(of: pod, on: node, family) else {
                    #expect(active == nil)
                    continue
                }
                let own = (active ?? []).filter { $0.contains(":") == (family == .v6) }
                var holders: Set<Substring> = []
                let first = own.filter { holders.insert($0.split(separator: " ")[2]).inserted }
                let here = first.filter { node != nil && $0.hasSuffix(" \(node ?? "")") }
                switch departure {
                case .asNode(let place): #expect(active == nil && place == node)
                case .unplaced: Issue.record("the ledger is known")
                case .closed(let reasons, _): #expect(active != nil && own.isEmpty && !reasons.isEmpty)
                case .with(let held, _):
                    #expect(held.map { "\($0.address) by \($0.holder)" } == (here.isEmpty ? first : here))
                    #expect(!held.isEmpty)
                }
            }
        }
    }
}

/// Objects of few names, so that they meet.
private struct RandomWorld {
    var random: SeededGenerator
    var netNamespaces: [String: [String]] = [:]
    var egressIPs: [String: EgressIP] = [:]
    var zones: [String: Zone] = [:]
    var nodes: [String: [String]] = [:]
    var namespaces: [String: [String: String]] = [:]
    var pods: [ObjectKey: Pod] = [:]

    init(seed: Int) { random = SeededGenerator(seed: UInt64(seed)) }

    private mutating func name(_ letters: String) -> String {
        letters.randomElement(using: &random).map(String.init) ?? "a"
    }

    private mutating func addresses() -> [String] {
        (0..<Int.random(in: 0...3, using: &random)).map { _ in
            Bool.random(using: &random) ? "192.0.2.\(name("1234"))" : "fd00::\(name("12"))"
        }
    }

    private mutating func labels() -> [String: String] { Bool.random(using: &random) ? ["app": name("xy")] : [:] }

    mutating func step(_ selection: inout EgressSelection) {
        let isGone = Int.random(in: 0..<4, using: &random) == 0
        switch Int.random(in: 0..<6, using: &random) {
        case 5:
            let name = name("yz")
            zones[name] = isGone ? nil : Objects.zone(name, addresses(), namespaces: labels())
            zones[name].map { selection.upsert($0) } ?? selection.removeZone(name)
        case 0:
            let name = name("nm")
            netNamespaces[name] = isGone ? nil : addresses()
            netNamespaces[name].map { selection.upsert(Objects.netNamespace(name, $0)) }
                ?? selection.removeNetNamespace(name)
        case 1:
            let name = name("efg")
            let made = Objects.egressIP(name, addresses(), namespaces: labels(), pods: labels())
            egressIPs[name] =
                isGone ? nil : Int.random(in: 0..<9, using: &random) == 0 ? EgressIP(name: name, spec: nil) : made
            egressIPs[name].map { selection.upsert($0) } ?? selection.removeEgressIP(name)
        case 2:
            let name = name("ab")
            nodes[name] = isGone ? nil : addresses()
            nodes[name].map { selection.upsert(Objects.node(name, $0)) } ?? selection.removeEgressNode(name)
        case 3:
            let name = name("nm")
            namespaces[name] = isGone ? nil : labels()
            namespaces[name].map { selection.upsert(Objects.namespace(name, $0)) } ?? selection.removeNamespace(name)
        default:
            var pod = Objects.pod(name("nm"), name("pqr"), labels())
            if Int.random(in: 0..<6, using: &random) == 0 { pod.spec?.hostNetwork = true }
            if Int.random(in: 0..<6, using: &random) == 0 { pod.status?.phase = "Failed" }
            pods[pod.key] = isGone ? nil : pod
            isGone ? selection.removePod(pod.key) : selection.upsert(pod)
        }
    }

    /// Of each selected pod what is active, by asking every object about everything.
    func answers() -> [ObjectKey: [String]] {
        var answers: [ObjectKey: [String]] = [:]
        for (key, pod) in pods where !pod.isHostNetwork && !pod.hasTerminated {
            guard let asked = asked(key, pod) else { continue }
            var seen: Set<String> = []
            answers[key] = asked.filter { seen.insert($0).inserted }.compactMap { address in
                let askers =
                    netNamespaces.values.filter { $0.contains(address) }.count
                    + egressIPs.values.filter { $0.spec?.egressIPs.contains(address) == true }.count
                    + zones.values.filter { $0.spec?.egress?.addresses?.contains(address) == true }.count
                let holders = nodes.filter { $0.value.contains(address) }.keys
                return askers == 1 && holders.count == 1 ? holders.first.map { "\(address) by \($0)" } : nil
            }
        }
        return answers
    }

    private func asked(_ key: ObjectKey, _ pod: Pod) -> [String]? {
        if let own = netNamespaces[key.namespace], !own.isEmpty { return own }
        guard let labels = namespaces[key.namespace] else { return nil }
        let selecting = egressIPs.values.filter { egressIP in
            guard let spec = egressIP.spec else { return true }
            return spec.namespaceSelector.matches(labels) && spec.podSelector?.matches(pod.labels) != false
        }
        if let first = selecting.min(by: { $0.key.name < $1.key.name }) { return first.spec?.egressIPs ?? [] }
        let members = zones.values.filter { $0.spec?.namespaceSelector?.matches(labels) == true }
        return members.min { $0.key.name < $1.key.name }.map { $0.spec?.egress?.addresses ?? [] }
    }
}
