import ClusterAPI
import NetworkTypes
package import PolicyEngine
import ServiceModel

/// Answers questions about connections to services as the datapath leads them: policies judge the pods behind the service,
/// and see the client where its address is kept, else the node that translates it (docs/design/service-datapath.md).
///
/// A service leads a connection to any of its endpoints, so it is allowed if it is allowed to all of them; where the node that
/// it comes in at matters and is not known, at all nodes.
package struct ServiceJudge: Sendable {
    private let engine: PolicyEngine
    private let objects: ServiceObjects
    /// The services as each node leads to them, by the node's name; `""` where no node is known.
    private let models: [String: ServiceModel]

    package init(_ engine: PolicyEngine, _ objects: ServiceObjects) {
        self.engine = engine
        self.objects = objects
        models = objects.models()
    }

    package func answer(_ question: Question) throws(QuestionFault) -> Answer {
        let client = try client(question)
        switch question.to {
        case .service(let key):
            return try answer(question, client, try frontend(of: key, question, client))
        case .node(let name):
            return try answer(question, client, to: try address(ofNode: name, like: client.party))
        case .party(.address(let address)): return try answer(question, client, to: address)
        case .party(let party): return judge(client.party, party, question.port, question)
        }
    }

    // MARK: Who asks

    private struct Client {
        let party: Party
        /// The node that it is or runs on; nil for who is outside.
        let node: String?
    }

    private func client(_ question: Question) throws(QuestionFault) -> Client {
        switch question.from {
        case .service(let key):
            throw QuestionFault("service:\(key) opens no connections; name a pod, a node or an address as 'from'")
        case .node(let name):
            var destination: Party?
            if case .party(let party) = question.to { destination = party }
            return Client(party: .address(try address(ofNode: name, like: destination)), node: name)
        case .party(.pod(let key)): return Client(party: .pod(key), node: objects.node(of: key) ?? "")
        case .party(.address(let address)):
            return Client(party: .address(address), node: node(at: address))
        }
    }

    /// The node that has the address, or whose pod has it.
    private func node(at address: IPAddress) -> String? {
        switch engine.identity(of: address) {
        case .node(let name), .pod(_, _, let name): name
        case .external: nil
        }
    }

    /// The node's first address, of the family of the other end if it has one.
    private func address(ofNode name: String, like other: Party?) throws(QuestionFault) -> IPAddress {
        guard let addresses = objects.nodeAddresses[name] else { throw QuestionFault("there is no node \(name)") }
        let family = other.flatMap { engine.addresses(of: $0).first?.family }
        guard let address = addresses.first(where: { family == nil || $0.family == family }) ?? addresses.first else {
            throw QuestionFault("node \(name) has no InternalIP in its status")
        }
        return address
    }

    // MARK: What is asked for

    private func frontend(of key: ObjectKey, _ question: Question, _ client: Client) throws(QuestionFault)
        -> ServiceFrontend
    {
        guard let service = objects.services[key] else { throw QuestionFault("there is no service \(key)") }
        let all = (models.values.first?.table ?? [:]).filter { $0.value.service == key }.keys.sorted()
        let families = Set(engine.addresses(of: client.party).map(\.family))
        let found = all.filter { frontend in
            guard case .address = frontend.place else { return false }
            return frontend.transport == question.transport && frontend.port == question.port
        }
        if let frontend = found.first(where: { families.contains($0.family) }) ?? found.first { return frontend }
        let ports = (service.spec?.ports ?? []).map { "\($0.port)/\($0.protocol ?? "TCP")" }
        let port = question.port.map { "\($0)/" } ?? ""
        throw QuestionFault(
            service.clusterAddressTexts.isEmpty
                ? "service \(key) has no address of its own; ask for its pods"
                : "service \(key) has no port \(port)\(question.transport.rawValue); it has "
                    + (ports.isEmpty ? "none" : ports.joined(separator: ", ")))
    }

    /// To an address: a service's, a node port, or what it says.
    private func answer(_ question: Question, _ client: Client, to address: IPAddress) throws(QuestionFault) -> Answer {
        guard let port = question.port else { return judge(client.party, .address(address), nil, question) }
        let own = ServiceFrontend(address, question.transport, port)
        if models.values.contains(where: { $0.table[own] != nil }) { return try answer(question, client, own) }
        if case .node(let asked) = engine.identity(of: address) {
            let port = ServiceFrontend(.nodes(address.family), question.transport, port)
            if let target = models[asked]?.table[port] {
                // A pod's own node leads it on, unless which endpoints there are depends on the node that was asked.
                let leads = target.dependsOnNode ? asked : client.node.flatMap { models[$0] == nil ? nil : $0 } ?? asked
                return answer(question, client, port, at: [leads])
            }
        }
        return judge(client.party, .address(address), port, question)
    }

    private func answer(_ question: Question, _ client: Client, _ frontend: ServiceFrontend) throws(QuestionFault)
        -> Answer
    {
        let known = client.node.flatMap { models[$0] == nil ? nil : [$0] }
        return answer(question, client, frontend, at: known ?? models.keys.sorted())
    }

    // MARK: The verdict

    /// Of a connection that comes in at one of these nodes.
    private func answer(_ question: Question, _ client: Client, _ frontend: ServiceFrontend, at nodes: [String])
        -> Answer
    {
        var ways: [Way] = []
        for node in nodes {
            guard let target = models[node]?.table[frontend] else { continue }
            if target.backends.isEmpty {
                return Answer(
                    isAllowed: false,
                    rule: "Service \(target.service) has no endpoint\(at(node, nodes)): refused at \(frontend)")
            }
            for backend in target.backends {
                let source = source(client, backend, at: node)
                let answer = judge(source, .address(backend.address), backend.port, question)
                ways.append(
                    Way(service: target.service, backend: backend, pod: pod(at: backend.address), answer: answer))
            }
        }
        return Way.summary(ways)
    }

    private func at(_ node: String, _ nodes: [String]) -> String { nodes.count > 1 ? " on node \(node)" : "" }

    /// Whom policies see: the client where answers find back by the node that translates, else that node.
    private func source(_ client: Client, _ backend: ServiceBackend, at node: String) -> Party {
        if client.node != nil || self.node(at: backend.address) == node { return client.party }
        let own = objects.nodeAddresses[node]?.first { $0.family == backend.address.family }
        return own.map { .address($0) } ?? client.party
    }

    private func judge(_ from: Party, _ to: Party, _ port: UInt16?, _ question: Question) -> Answer {
        Answer(engine.verdict(for: Flow(from: from, to: to, transport: question.transport, port: port)))
    }

    private func pod(at address: IPAddress) -> ObjectKey? {
        if case .pod(let key, _, _) = engine.identity(of: address) { key } else { nil }
    }
}
