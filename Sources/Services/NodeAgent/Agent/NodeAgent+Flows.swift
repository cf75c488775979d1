import ClusterAPI
import DatapathCompiler
package import FlowModel
import NFTables
package import NetworkTypes
import NodeModel
import PolicyEngine

/// The flow log asks the agent, which has the one verdict engine; it takes no part in anything else.
extension NodeAgent: FlowJudge {
    package func judge(_ flows: [FlowKey]) -> [FlowVerdict.Judgement?] {
        followNames()
        return flows.map { flow in
            let question = FlowMemo<FlowVerdict.Judgement?>.Question(
                source: flow.source, destination: flow.destination, ipProtocol: flow.ipProtocol, port: flow.policyPort)
            return judgements[question] ?? judgements.remember(judgement(flow), for: question)
        }
    }

    func forgetFlows() {
        judgements.forget()
        permissions.forget()
    }

    package func stagedRevision() -> UInt64 { model.staging.revision }

    package func podAddresses() -> Set<IPAddress> { Set(compiler.addressHolders.keys) }

    package func exits() -> FlowExits {
        var exits = FlowExits(node: configuration.nodeName)
        exits.nodes = compiler.egressTargets(here: configuration.nodeName)
        for (address, way) in model.state.egress.ways {
            exits.addresses[address] = model.egressSources(of: address)
            exits.ways[Self.name(way), default: 0] += 1
        }
        return exits
    }

    private static func name(_ way: EgressWay) -> String {
        switch way {
        case .closed: "closed"
        case .here: "here"
        case .through: "through"
        }
    }

    package func note(_ losses: FlowLosses) { flowLosses = losses }

    private func judgement(_ flow: FlowKey) -> FlowVerdict.Judgement? {
        let source = endpoint(flow.source)
        let destination = named(endpoint(flow.destination), for: source)
        guard source.kind == .pod || destination.kind == .pod else { return nil }
        let verdict = model.engine.verdict(
            source: flow.source, destination: flow.destination, transport: flow.transport ?? .icmp,
            port: flow.policyPort)
        return FlowVerdict.Judgement(
            source: source, destination: destination, egress: Self.decision(verdict.egress),
            ingress: Self.decision(verdict.ingress), isSourceHere: compiler.holds(flow.source),
            isDestinationHere: compiler.holds(flow.destination), egressChain: Self.chain(verdict.egress, .egress),
            ingressChain: Self.chain(verdict.ingress, .ingress), staged: stagedDecision(flow))
    }

    /// With the names that the client was told of a host outside.
    private func named(_ end: FlowEndpoint, for client: FlowEndpoint) -> FlowEndpoint {
        guard end.kind == .external, let namespace = client.namespace, let pod = client.pod else { return end }
        let names = model.names(of: end.address, toldTo: ObjectKey(namespace: namespace, name: pod))
        guard !names.isEmpty else { return end }
        var named = end
        named.names = names.map { String($0.description.dropLast()) }
        return named
    }

    /// The same question to the world in which everything staged is enforced.
    private func stagedDecision(_ flow: FlowKey) -> FlowRecord.Decision? {
        let verdict = model.staging.engine?.verdict(
            source: flow.source, destination: flow.destination, transport: flow.transport ?? .icmp,
            port: flow.policyPort)
        return verdict.map { FlowRecord.Decision(allowed: $0.allowed, rule: $0.rule) }
    }

    private static func decision(_ decision: Decision) -> FlowRecord.Decision {
        FlowRecord.Decision(
            allowed: decision.allowed, rule: "\(decision.rule)", policy: decision.rule.policyName)
    }

    /// Where the kernel drops what a decision denies.
    private static func chain(_ decision: Decision, _ direction: Direction) -> String? {
        decision.allowed ? nil : DenialName(decision.rule, direction).chain.text
    }

    private func endpoint(_ address: IPAddress) -> FlowEndpoint {
        var end = named(address)
        end.zone = model.engine.zone(of: address)
        return end
    }

    private func named(_ address: IPAddress) -> FlowEndpoint {
        switch model.engine.identity(of: address) {
        case .pod(let key, let labels, let node):
            return FlowEndpoint(address: address, pod: key, labels: labels, node: node.isEmpty ? nil : node)
        case .node(let name):
            var end = FlowEndpoint(address: address, kind: .node)
            end.node = name
            return end
        case .external: return FlowEndpoint(address: address)
        }
    }
}
