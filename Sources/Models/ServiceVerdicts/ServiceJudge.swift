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
    package let engine: PolicyEngine
    let objects: ServiceObjects
    /// The services as each node leads to them, by the node's name; `""` where no node is known.
    let models: [String: ServiceModel]
    let departures: DepartureTable

    package init(_ engine: PolicyEngine, _ objects: ServiceObjects) {
        self.engine = engine
        self.objects = objects
        models = objects.models()
        departures = DepartureTable(objects)
    }

    init(_ engine: PolicyEngine, like other: ServiceJudge) {
        self.engine = engine
        objects = other.objects
        models = other.models
        departures = other.departures
    }

    /// What nodes say is wrong with services, ascending: addresses that they do not serve, among others.
    package var problems: [String] { Set(models.values.flatMap(\.problems)).sorted() }

    package func answer(_ question: Question) throws(QuestionFault) -> Answer { try judgement(of: question).answer }

    package func judgement(of question: Question) throws(QuestionFault) -> Judgement {
        let client = try client(question)
        switch question.to {
        case .service(let key):
            return judgement(question, client, at: try address(of: key, question, client))
        case .node(let name): return judgement(question, client, at: try address(ofNode: name, like: client.party))
        case .party(.address(let address)): return judgement(question, client, at: address)
        case .party(let party): return direct(question, client, party)
        case .name:
            let (judge, address) = try supposing(question)
            return judge.judgement(question, client, at: address)
        }
    }

    /// The same for a flow, which has nothing that could be unknown.
    package func judgement(of flow: Flow) -> Judgement {
        let (question, client) = (Question(flow), client(flow.from))
        guard case .address(let address) = flow.to else { return direct(question, client, flow.to) }
        return judgement(question, client, at: address)
    }

    // MARK: What is asked for

    /// The service's own, of a family that the client has if there is one.
    private func address(of key: ObjectKey, _ question: Question, _ client: Client) throws(QuestionFault)
        -> IPAddress
    {
        guard let service = objects.services[key] else { throw QuestionFault("there is no service \(key)") }
        let own = Set(service.clusterAddressTexts.compactMap { IPAddress($0) })
        let table = models.values.first?.table ?? [:]
        let found = own.sorted().filter { address in
            guard let port = question.port else { return false }
            return table[ServiceFrontend(address, question.transport, port)]?.service == key
        }
        let families = Set(engine.addresses(of: client.party).map(\.family))
        if let address = found.first(where: { families.contains($0.family) }) ?? found.first { return address }
        let ports = (service.spec?.ports ?? []).map { "\($0.port)/\($0.protocol ?? "TCP")" }
        let port = question.port.map { "\($0)/" } ?? ""
        throw QuestionFault(
            service.clusterAddressTexts.isEmpty
                ? "service \(key) has no address of its own; ask for its pods"
                : "service \(key) has no port \(port)\(question.transport.rawValue); it has "
                    + (ports.isEmpty ? "none" : ports.joined(separator: ", ")))
    }

    /// To an address: a service's, a node port, one that only services may have, or what it says.
    private func judgement(_ question: Question, _ client: Client, at address: IPAddress) -> Judgement {
        if let port = question.port {
            let own = ServiceFrontend(address, question.transport, port)
            let inside = ServiceFrontend(.inside(address), question.transport, port)
            if client.isInside, isServed(inside) { return led(question, client, inside, at: address) }
            if isServed(own) { return led(question, client, own, at: address) }
            if case .node(let asked) = engine.identity(of: address) {
                let nodePort = ServiceFrontend(.nodes(address.family), question.transport, port)
                if let target = models[asked]?.table[nodePort] {
                    // A pod's own node leads it on, unless which endpoints there are depends on the node that was asked;
                    // a node's own process is led on by the node that it asks.
                    let own = client.isPod ? client.node.flatMap { models[$0] == nil ? nil : $0 } : nil
                    let leads = target.dependsOnNode ? asked : own
                    return led(question, client, nodePort, at: address, by: [leads ?? asked])
                }
            }
        }
        guard objects.serviceRanges.contains(where: { $0.contains(address) }) else {
            return direct(question, client, .address(address))
        }
        let stop = Stop.noService(at: address, port: question.port, question.transport)
        return Judgement(
            question, asked(question, client, .address(address)), [Way(endpoint: nil, course: .stopped(stop))])
    }

    private func isServed(_ frontend: ServiceFrontend) -> Bool {
        models.values.contains { $0.table[frontend] != nil }
    }

    // MARK: Where it goes

    /// To who is meant.
    private func direct(_ question: Question, _ client: Client, _ party: Party) -> Judgement {
        let flow = asked(question, client, party)
        let course = Way.Course.judged(flow, engine.verdict(for: flow))
        return Judgement(question, flow, [Way(endpoint: nil, course: course, departure: departure(client, flow))])
    }

    private func asked(_ question: Question, _ client: Client, _ party: Party) -> Flow {
        Flow(from: client.party, to: party, transport: question.transport, port: question.port)
    }

    private func led(_ question: Question, _ client: Client, _ frontend: ServiceFrontend, at address: IPAddress)
        -> Judgement
    {
        let nodes = entries(client, frontend, at: address)
        return led(question, client, frontend, at: address, by: nodes)
    }

    /// Of a connection that comes in at one of these nodes.
    private func led(
        _ question: Question, _ client: Client, _ frontend: ServiceFrontend, at address: IPAddress, by nodes: [String]
    ) -> Judgement {
        let targets = nodes.compactMap { node in models[node]?.table[frontend].map { (node, $0) } }
        let isServedSomewhere = targets.contains { !$0.1.backends.isEmpty }
        var ways: [Way] = []
        for (node, target) in targets {
            if let stop = stop(client, frontend, target, onNode: isServedSomewhere ? node : nil) {
                let way = Way(endpoint: nil, course: .stopped(stop))
                // What holds on every node is said once.
                if !ways.contains(way) { ways.append(way) }
            } else {
                ways += target.backends.map {
                    way(question, client, target.service, $0, by: node, asked: address)
                }
            }
        }
        return Judgement(
            question, asked(question, client, .address(address)), frontend: frontend, ways,
            isSticky: targets.contains { $0.1.affinitySeconds != nil })
    }
}
