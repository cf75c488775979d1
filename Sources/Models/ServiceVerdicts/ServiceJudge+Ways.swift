import ClusterAPI
import NetworkTypes
import PolicyEngine
import ServiceModel

extension ServiceJudge {
    /// Who asks.
    struct Client {
        let party: Party
        /// The node that it is or runs on, empty if that is not known; nil for who is outside.
        let node: String?

        var isInside: Bool { node != nil }
        /// False for nodes' own processes, and for pods in their node's network, which nobody tells from these.
        let isPod: Bool
    }

    func client(_ question: Question) throws(QuestionFault) -> Client {
        switch question.from {
        case .service(let key):
            throw QuestionFault("service:\(key) opens no connections; name a pod, a node or an address as 'from'")
        case .name:
            throw QuestionFault("\(question.from) opens no connections; name a pod, a node or an address as 'from'")
        case .node(let name):
            var destination: Party?
            if case .party(let party) = question.to { destination = party }
            return Client(party: .address(try address(ofNode: name, like: destination)), node: name, isPod: false)
        case .party(let party): return client(party)
        }
    }

    func client(_ party: Party) -> Client {
        let node: String? =
            switch party {
            case .pod(let key): objects.node(of: key) ?? ""
            case .address(let address): self.node(at: address)
            }
        let isOnNodeNetwork = engine.addresses(of: party).first.map { address in
            if case .node = engine.identity(of: address) { true } else { false }
        }
        return Client(party: party, node: node, isPod: node != nil && isOnNodeNetwork != true)
    }

    /// The node that has the address, or whose pod has it.
    private func node(at address: IPAddress) -> String? {
        switch engine.identity(of: address) {
        case .node(let name), .pod(_, _, let name): name
        case .external: nil
        }
    }

    /// The node's first address, of the family of the other end if it has one.
    func address(ofNode name: String, like other: Party?) throws(QuestionFault) -> IPAddress {
        guard let addresses = objects.nodeAddresses[name] else { throw QuestionFault("there is no node \(name)") }
        let family = other.flatMap { engine.addresses(of: $0).first?.family }
        guard let address = addresses.first(where: { family == nil || $0.family == family }) ?? addresses.first else {
            throw QuestionFault("node \(name) has no InternalIP in its status")
        }
        return address
    }

    // MARK: Where it comes in

    /// The nodes at which the connection may come in: a client's own, else those that have the address, else any.
    func entries(_ client: Client, _ frontend: ServiceFrontend, at address: IPAddress) -> [String] {
        if let node = client.node, models[node] != nil { return [node] }
        var holders = objects.holders[address] ?? []
        if case .node(let node) = engine.identity(of: address) { holders.insert(node) }
        let known = holders.filter { models[$0] != nil }.sorted()
        if !known.isEmpty { return known }
        let all = models.keys.sorted()
        // A load balancer asks at healthCheckNodePort who has endpoints, and sends to no other node.
        let chosen = all.filter { models[$0]?.table[frontend]?.isChosen(by: objects, at: address) == true }
        return chosen.isEmpty ? all : chosen
    }

    /// What ends the connection at a node, before any policy is asked.
    func stop(_ client: Client, _ frontend: ServiceFrontend, _ target: ServiceTarget, onNode node: String?) -> Stop? {
        if let ranges = target.sourceRanges {
            let source = engine.addresses(of: client.party).first { $0.family == frontend.family }
            let isLetIn = source.map { address in ranges.contains { $0.contains(address) } } ?? false
            let name = source.map { "\($0)" } ?? "\(client.party)"
            if !isLetIn { return .sourceRange(of: target.service, client: name) }
        }
        return target.backends.isEmpty ? .noEndpoint(of: target.service, at: frontend, onNode: node) : nil
    }

    // MARK: The verdict

    func way(
        _ question: Question, _ client: Client, _ service: ObjectKey, _ backend: ServiceBackend, by node: String,
        asked address: IPAddress
    ) -> Way {
        let flow = Flow(
            from: source(client, backend, at: node), to: .address(backend.address), transport: question.transport,
            port: backend.port)
        var pod: ObjectKey?
        if case .pod(let key, _, _) = engine.identity(of: backend.address) { pod = key }
        return Way(
            endpoint: Way.Endpoint(service: service, backend: backend, pod: pod),
            course: .judged(flow, verdict(flow, question, client, by: node, asked: address)),
            departure: departure(client, flow))
    }

    /// A pod whose node leaves a node port to the node that has the address asks that address, as far as its own rules know.
    private func verdict(
        _ flow: Flow, _ question: Question, _ client: Client, by node: String, asked address: IPAddress
    ) -> Verdict {
        let led = engine.verdict(for: flow)
        guard client.isPod, let own = client.node, own != node, models[own] != nil else { return led }
        var asked = flow
        asked.to = .address(address)
        asked.port = question.port
        return Verdict(egress: engine.verdict(for: asked).egress, ingress: led.ingress)
    }

    /// Whom policies see: the client where answers find back by the node that translates, else that node.
    private func source(_ client: Client, _ backend: ServiceBackend, at node: String) -> Party {
        if client.isPod || client.node == node || self.node(at: backend.address) == node { return client.party }
        let own = objects.nodeAddresses[node]?.first { $0.family == backend.address.family }
        return own.map { .address($0) } ?? client.party
    }
}

extension ServiceTarget {
    fileprivate func isChosen(by objects: ServiceObjects, at address: IPAddress) -> Bool {
        guard dependsOnNode, !backends.isEmpty, let given = objects.services[service] else { return false }
        return (given.status?.loadBalancer?.ingress ?? []).contains { $0.ip.flatMap { IPAddress($0) } == address }
    }
}
