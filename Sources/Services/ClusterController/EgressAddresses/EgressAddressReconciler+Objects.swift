import ClusterAPI
import EgressAddressModel
import KubernetesClient
import Logging
import NetworkTypes

extension EgressAddressReconciler {
    /// An EgressNode for each Node; one whose Node is gone goes when it owns nothing.
    func makeObjects(_ round: inout StatusRound) async {
        for node in knowledge.nodes.sorted where !knowledge.egressNodes.contains(node.key.name) {
            await round.write("EgressNode \(node.key)") {
                let object = EgressNode(name: node.key.name, spec: EgressNodeSpec(addresses: [], releasing: []))
                knowledge.egressNodes.upsert(try await client.create(object))
            }
        }
        for object in knowledge.egressNodes.sorted
        where knowledge.nodes[object.key.name] == nil && object.owned.isEmpty && object.heldAddresses.isEmpty {
            await round.write("EgressNode \(object.key)") {
                try await client.delete(
                    EgressNode.self, object.key.name, options: DeleteOptions(uid: object.metadata.uid ?? ""))
                knowledge.egressNodes.remove(object.key.name, uid: object.metadata.uid)
            }
        }
    }

    /// Says in the objects that people wrote what became of them.
    func mirror(_ assignment: EgressAssignment, _ round: inout StatusRound) async {
        for subnet in knowledge.hostSubnets.sorted {
            guard let addresses = assignment.listed[subnet.host] else { continue }
            let texts = addresses.map(\.description)
            guard (subnet.egressIPs ?? []) != texts else { continue }
            await round.write("HostSubnet \(subnet.key)") {
                let document: JSONValue = [
                    "metadata": ["resourceVersion": .string(subnet.metadata.resourceVersion ?? "")],
                    "egressIPs": .array(texts.map(JSONValue.string)),
                ]
                knowledge.hostSubnets.upsert(
                    try await client.patch(HostSubnet.self, subnet.key.name, with: .merge(document)))
            }
        }
        for object in knowledge.egressIPs.sorted {
            let items = items(of: object, assignment)
            guard (object.status?.items ?? []) != items else { continue }
            await round.write("EgressIP \(object.key)") {
                let list = items.map { item -> JSONValue in
                    ["node": .string(item.node), "egressIP": .string(item.egressIP)]
                }
                knowledge.egressIPs.upsert(
                    try await client.patch(
                        EgressIP.self, object.key.name, with: .merge(["status": ["items": .array(list)]]),
                        subresource: "status"))
            }
        }
    }

    /// Where the ledger has its addresses.
    private func items(of object: EgressIP, _ assignment: EgressAssignment) -> [EgressIPStatus.Item] {
        let texts = (object.spec?.egressIPs ?? []).filter { text in
            IPAddress(text).map { assignment.askers[$0] == .object(object.key.name) } ?? false
        }
        return texts.compactMap { text in
            guard let address = IPAddress(text) else { return nil }
            let owner = knowledge.egressNodes.sorted.first { $0.assigned.contains(address) }
            return owner.map { EgressIPStatus.Item(node: $0.key.name, egressIP: text) }
        }
    }

    /// Once for each problem, as long as it lasts.
    func tell(_ problems: [EgressProblem]) {
        let now = Set(problems)
        for problem in now.subtracting(told).sorted() {
            logger.warning(
                "an egress address is at no node",
                metadata: ["address": "\(problem.address)", "of": "\(problem.asker)", "why": "\(problem.message)"])
            recorder.record(
                .warning, about: problem.asker.reference, reason: "EgressAddressNotAssigned",
                message: "\(problem.address): \(problem.message)")
        }
        told = now
    }

    func note(_ address: IPAddress, _ reason: EgressMove.Reason, _ object: EgressNode) {
        let (name, words): (String, String) =
            switch reason {
            case .given: ("EgressAddressAssigned", "\(address) is to be at this node")
            case .back: ("EgressAddressAssigned", "\(address) is to stay at this node")
            case .toBeLetGo: ("EgressAddressLeaving", "\(address) is to leave this node, which is to let it go first")
            case .letGo: ("EgressAddressLeft", "\(address) has left this node")
            case .fenced(let silent):
                (
                    "EgressAddressTaken",
                    "\(address) is taken from this node, which nobody hears (\(silent.joined(separator: ", ")))"
                )
            }
        recorder.record(
            name == "EgressAddressTaken" ? .warning : .normal, about: object, reason: name, message: words)
    }
}

extension EgressAsker {
    fileprivate var reference: ObjectReference {
        let openShift = NetNamespace.resource.apiVersion
        return switch self {
        case .namespace(let name): ObjectReference(apiVersion: openShift, kind: "NetNamespace", name: name)
        case .hostSubnet(let name): ObjectReference(apiVersion: openShift, kind: "HostSubnet", name: name)
        case .zone(let name): ObjectReference(apiVersion: Zone.resource.apiVersion, kind: "Zone", name: name)
        case .object(let name):
            ObjectReference(apiVersion: EgressIP.resource.apiVersion, kind: "EgressIP", name: name)
        }
    }
}
