import ClusterAPI
import NetworkTypes
import NodeModel
import TestRandom

/// Two nodes with pods of both families, a third that may hold addresses (of IPv4 only), and who asks for addresses.
struct EgressCluster {
    var random: SeededGenerator
    private(set) var pods: [Pod] = []
    private(set) var attachments: [PodAttachment] = []
    private var netNamespaces: [String: [String]] = [:]
    private var egressNodes: [String: [String]] = [:]

    private static let namespaces = ["red", "blue", "quiet"]
    private static let addresses = ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "fd00:99::1", "fd00:99::2"]
    private static let nodes = ["one", "two", "three", "nowhere"]

    init(seed: Int) {
        random = SeededGenerator(seed: seed)
        for number in 0..<8 { addPod(number) }
        for name in Self.namespaces.dropLast() { netNamespaces[name] = some() }
        for name in Self.nodes { egressNodes[name] = some() }
    }

    private mutating func some() -> [String] {
        Array(Self.addresses.shuffled(using: &random).prefix(Int.random(in: 0...3, using: &random)))
    }

    var model: NodeModel {
        var model = NodeModel(nodeName: "one")
        for name in Self.namespaces { model.upsert(Namespace(metadata: ObjectMeta(name: name))) }
        model.upsert(
            ClusterNetwork(clusterNetworks: [
                .init(cidr: "10.128.0.0/14", hostSubnetLength: 8), .init(cidr: "fd00:10::/48", hostSubnetLength: 16),
            ]))
        for (number, name) in Self.nodes.dropLast().enumerated() {
            let subnets = ["10.128.\(number + 1).0/24", "fd00:10:0:\(number + 1)::/64"]
            model.upsert(
                HostSubnet(
                    host: name, hostIPs: ["192.168.7.\(number + 1)", "fd00:7::\(number + 1)"],
                    subnets: name == "three" ? [subnets[0]] : subnets))
        }
        for pod in pods { model.upsert(pod) }
        for attachment in attachments { model.attach(attachment) }
        for (name, addresses) in netNamespaces { model.upsert(Self.netNamespace(name, addresses)) }
        for (name, addresses) in egressNodes {
            model.upsert(EgressNode(name: name, spec: EgressNodeSpec(addresses: addresses)))
        }
        return model
    }

    /// Something about who asks, holds or is there changes.
    mutating func step(_ model: inout NodeModel) {
        switch random.below(6) {
        case 0:
            let name = random.pick(Self.namespaces)
            if random.once(in: 3) {
                model.removeNetNamespace(name)
            } else {
                model.upsert(Self.netNamespace(name, some()))
            }
        case 1, 2:
            let name = random.pick(Self.nodes)
            model.upsert(EgressNode(name: name, spec: EgressNodeSpec(addresses: some())))
        case 3:
            let egressIP = EgressIP(
                name: random.pick(["a", "b"]),
                spec: EgressIPSpec(egressIPs: some(), namespaceSelector: LabelSelector()))
            if random.once(in: 2) { model.removeEgressIP(egressIP.key.name) } else { model.upsert(egressIP) }
        case 4:
            let attachment = random.pick(attachments)
            if random.once(in: 2) { model.detach(interface: attachment.interface) } else { model.attach(attachment) }
        default:
            let subnet = HostSubnet(host: "two", hostIPs: ["192.168.7.2"], subnets: ["10.128.2.0/24"])
            if random.once(in: 2) { model.removeHostSubnet("two") } else { model.upsert(subnet) }
        }
    }

    /// To an outside host, as the pod's interface or (without one) the overlay brings it.
    func packet(from attachment: PodAttachment?, _ source: IPAddress, dice: UInt32) -> Packet {
        let outside =
            source.family == .v4 ? IPAddress(v4: 0xCB00_7109) : IPAddress(family: .v6, bits: 0x2001_0DB8 << 96 | 9)
        var packet = Packet(
            input: attachment?.interface ?? "gabvxlan", output: "eth0", mac: attachment?.mac ?? MACAddress(bits: 0),
            source: source, destination: outside, proto: 6, port: 443)
        packet.dice = dice
        return packet
    }

    private static func netNamespace(_ name: String, _ addresses: [String]) -> NetNamespace {
        var netNamespace = NetNamespace(netname: name, netid: 5)
        netNamespace.egressIPs = addresses
        return netNamespace
    }

    private mutating func addPod(_ number: Int) {
        let isLocal = number % 2 == 0
        let subnet = isLocal ? 1 : 2
        let addresses = ["10.128.\(subnet).\(number + 10)", "fd00:10:0:\(subnet)::\(String(number + 16, radix: 16))"]
        let key = ObjectKey(namespace: Self.namespaces[number % 3], name: "pod-\(number)")
        var pod = Pod(metadata: ObjectMeta(name: key.name, namespace: key.namespace))
        pod.spec = PodSpec(nodeName: isLocal ? "one" : "two")
        pod.status = PodStatus(phase: "Running", podIPs: addresses)
        pods.append(pod)
        guard isLocal else { return }
        let parsed = addresses.compactMap { IPAddress($0) }
        attachments.append(
            PodAttachment(
                pod: key, containerID: "c\(number)", interface: "gab00000000000\(number)", addresses: parsed,
                mac: MACAddress(derivedFrom: parsed[0])))
    }
}
