import ClusterAPI
import FlowModel
import NetworkTypes
import PolicyEvidence
import TestRandom

/// Small clusters with what was seen in them; ends meet often.
struct RandomTraffic {
    var random: SeededGenerator
    var scene = PolicySuggestion.Scene()
    var records: [FlowRecord] = []
    static let namespaces = ["shop", "bank", "dns"]
    private var nextID: Int64 = 1

    init(seed: Int) {
        random = SeededGenerator(seed: seed)
        for (index, name) in Self.namespaces.enumerated() {
            scene.namespaces.append(Namespace(metadata: ObjectMeta(name: name)))
            var node = Node(metadata: ObjectMeta(name: "n\(index)"))
            node.status = NodeStatus(addresses: [NodeAddress(type: "InternalIP", address: "192.168.0.\(index + 1)")])
            scene.nodes.append(node)
        }
        for index in 0..<(3 + random.below(9)) { scene.pods.append(pod(index)) }
        let past = (0..<random.below(4)).map { pod(100 + $0) }
        for _ in 0..<(5 + random.below(60)) { addRecord(scene.pods + past) }
    }

    private mutating func labels() -> [String: String] {
        var labels: [String: String] = [:]
        for (key, odds) in [("app", 6), ("tier", 2), ("app.kubernetes.io/name", 2), ("version", 2)] {
            if !random.once(in: odds) { labels[key] = random.pick(["web", "db", "Api_1"]) }
        }
        if random.once(in: 2) { labels["pod-template-hash"] = random.pick(["aa", "bb"]) }
        return labels
    }

    private mutating func pod(_ index: Int) -> Pod {
        let addresses = ["10.0.0.\(index + 1)", "fd01::\(index + 1)"]
        let own = random.pick([addresses, [addresses[0]], [addresses[1]]])
        return Pod(
            metadata: ObjectMeta(
                name: "p\(index)", namespace: random.pick(Self.namespaces), labels: labels()),
            spec: PodSpec(nodeName: "n\(random.below(3))"), status: PodStatus(phase: "Running", podIPs: own))
    }

    private mutating func end(_ pods: [Pod], _ family: IPAddress.Family) -> FlowEndpoint {
        let own = pods.filter { pod in pod.addressTexts.contains { IPAddress($0)?.family == family } }
        if !own.isEmpty, !random.once(in: 3) {
            let pod = random.pick(own)
            let address = pod.addressTexts.compactMap { IPAddress($0) }.first { $0.family == family }
            return FlowEndpoint(
                address: address ?? IPAddress(v4: 0), pod: pod.key, labels: pod.labels, node: pod.spec?.nodeName)
        }
        if family == .v4, random.once(in: 4) {
            let node = random.below(3)
            var end = FlowEndpoint(address: IPAddress(v4: 0xC0A8_0001 + UInt32(node)), kind: .node)
            end.node = "n\(node)"
            return end
        }
        let host = UInt128(random.below(40))
        // 10.0.0.9 may be a pod's by now.
        let base: UInt128 = family == .v4 ? random.pick([0xC633_6400, 0xCB00_7100, 0x0A00_0000]) : 0x2001_0DB8 << 96
        return FlowEndpoint(address: IPAddress(family: family, bits: base + host))
    }

    private mutating func addRecord(_ pods: [Pod]) {
        let family: IPAddress.Family = random.once(in: 3) ? .v6 : .v4
        var source = end(pods, family)
        var destination = end(pods, family)
        guard source.kind == .pod || destination.kind == .pod else { return }
        let number = random.pick([UInt8(6), 6, 6, 17, 132, 1, 47])
        if [6, 17, 132].contains(number) {
            source.port = UInt16(30_000 + random.below(1000))
            destination.port = random.pick([80, 443, 53])
        }
        var record = FlowRecord(
            id: nextID, observer: random.pick(["n0", "n1"]), ipProtocol: number, source: source,
            destination: destination, verdict: random.once(in: 6) ? .denied : .allowed,
            start: Int64(random.below(1_000_000)) * 1_000)
        nextID += 1
        record.last = record.start + Int64(random.below(1_000_000))
        if record.verdict == .denied { record.drop = random.pick([nil, "drop_policy", "drop_spoof"]) }
        records.append(record)
        // Many of one kind, so that blocks are made.
        guard record.source.kind == .external, random.once(in: 3) else { return }
        for host in 0..<UInt128(10 + random.below(20)) {
            var other = record
            other.id = nextID
            nextID += 1
            other.verdict = random.once(in: 30) ? .denied : .allowed
            other.drop = nil
            other.source.address = IPAddress(
                family: family, bits: record.source.address.bits & ~63 | host)
            records.append(other)
        }
    }
}
