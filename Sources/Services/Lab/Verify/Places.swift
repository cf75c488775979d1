package import ClusterAPI
package import LinuxSystem
package import NetworkTypes
package import PolicyEngine
import ServiceModel
package import ServiceVerdicts

/// Who has which address in a lab, and in which namespace.
package struct Places: Sendable {
    /// A place that packets can start in or arrive at.
    package struct Place: Hashable, Sendable {
        package let namespace: NamespaceReference
        package let addresses: [IPAddress]
        /// `namespace/pod`, `node/NAME` or `outside/NAME`.
        package let name: String
    }

    private var pods: [ObjectKey: Place] = [:]
    private var owners: [IPAddress: Place] = [:]
    /// Of hosts outside.
    private let outside: Set<IPAddress>
    /// Machines and pods by their printed names.
    package private(set) var byName: [String: Place] = [:]

    package init(_ name: LabName, _ topology: LabTopology, pods: [Pod]) {
        outside = Set(topology.outside.flatMap(\.addresses))
        for node in topology.nodes {
            add(name.nodeNamespace(node.name), topology.addresses(ofNode: node.name), "node/" + node.name)
        }
        for host in topology.outside {
            add(name.outsideNamespace(host.name), host.addresses, "outside/" + host.name)
        }
        for pod in pods where !pod.hasTerminated {
            let addresses = pod.addressTexts.compactMap { IPAddress($0) }
            guard !addresses.isEmpty else { continue }
            let namespace =
                pod.isHostNetwork
                ? name.nodeNamespace(pod.spec?.nodeName ?? "")
                : name.podNamespace(namespace: pod.key.namespace, name: pod.key.name)
            let place = Place(namespace: .named(namespace), addresses: addresses, name: pod.key.description)
            self.pods[pod.key] = place
            byName[place.name] = place
            // A host-network pod has its node's addresses, which stay the node's.
            if !pod.isHostNetwork { for address in addresses { owners[address] = place } }
        }
    }

    private mutating func add(_ namespace: String, _ addresses: [IPAddress], _ name: String) {
        let place = Place(namespace: .named(namespace), addresses: addresses, name: name)
        byName[name] = place
        for address in addresses { owners[address] = place }
    }

    /// Who has an address.
    func owner(of address: IPAddress) -> Place? { owners[address] }

    /// The probe that asks the network what was judged; a reason when the lab cannot ask it.
    package func probe(for judgement: Judgement, entrances: Entrances = Entrances()) -> Result<Probe, Unprobed> {
        for way in judgement.ways {
            guard let address = way.endpoint?.backend.address, owners[address] == nil else { continue }
            return .failure(.nobodys(address))
        }
        // Nobody has the addresses of services: nodes translate them.
        guard judgement.isServices, case .address(let address) = judgement.asked.to, owners[address] == nil else {
            return probe(for: judgement.asked)
        }
        if case .address(let client) = judgement.asked.from, isOutside(client), entrances.nodes[address] == nil {
            return .failure(.notLed(address))
        }
        return probe(for: judgement.asked, isServed: true)
    }

    private func isOutside(_ address: IPAddress) -> Bool { outside.contains(address) }

    /// The probe that asks the network what a flow asks the engine; a reason when the lab cannot ask it.
    ///
    /// - Parameter isServed: Nodes know what to do with the destination, though nobody has it.
    package func probe(for flow: Flow, isServed: Bool = false) -> Result<Probe, Unprobed> {
        let (source, sourceAddresses): (Place, [IPAddress])
        switch flow.from {
        case .pod(let key):
            guard let place = pods[key] else { return .failure(.noSuchPod(key)) }
            (source, sourceAddresses) = (place, place.addresses)
        case .address(let address):
            guard let place = owners[address] else { return .failure(.nobodys(address)) }
            (source, sourceAddresses) = (place, [address])
        }
        let targets: [IPAddress]
        switch flow.to {
        case .pod(let key):
            guard let place = pods[key] else { return .failure(.noSuchPod(key)) }
            targets = place.addresses
        case .address(let address):
            guard isServed || owners[address] != nil else { return .failure(.nobodys(address)) }
            targets = [address]
        }
        // The first address of the target that the source has a family for.
        for target in targets {
            guard let own = sourceAddresses.first(where: { $0.family == target.family }) else { continue }
            return .success(
                Probe(from: source.namespace, address: own, to: target, flow.transport, port: flow.port ?? 0))
        }
        return .failure(.noCommonFamily)
    }
}

/// Why a question cannot be put to the network of a lab.
package enum Unprobed: Error, Hashable, Sendable, CustomStringConvertible {
    case noSuchPod(ObjectKey)
    case nobodys(IPAddress)
    /// The lab's router does not know where it is.
    case notLed(IPAddress)
    case noCommonFamily

    package var description: String {
        switch self {
        case .noSuchPod(let key): "\(key) has no address in the lab"
        case .nobodys(let address): "nobody in the lab has \(address)"
        case .notLed(let address): "the lab's router has no route to \(address)"
        case .noCommonFamily: "the two have no address family in common"
        }
    }
}
