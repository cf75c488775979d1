import ClusterAPI
import EgressAddressModel
import KubernetesClient
import NetworkTypes

/// What a node asks of the API about egress addresses: each write depends on the version that was read.
struct EgressRequests: Sendable {
    private let client: KubernetesClient
    private let node: String
    /// When a request that has no answer is given up: the next is more useful.
    private static let limit = Duration.milliseconds(1_500)

    init(client: KubernetesClient, node: String) {
        var direct = client
        direct.requestTimeout = Self.limit
        direct.retryPolicy = .none
        self.client = direct
        self.node = node
    }

    func claim(_ claim: EgressClaim, since: [IPAddress: String], problems: [String]) async -> WriteOutcome {
        let held = claim.addresses.sorted().map { address -> JSONValue in
            ["address": .string("\(address)"), "since": .string(since[address] ?? Timestamp.now().seconds)]
        }
        return await write(
            node, version: claim.version,
            [
                "term": .int(Int64(claim.term)), "witnesses": .array(claim.witnesses.map(JSONValue.string)),
                "held": .array(held), "networks": .array(claim.networks.map { .string("\($0)") }),
                "problems": problems.isEmpty ? .null : .array(problems.map(JSONValue.string)),
            ])
    }

    func write(_ action: EgressWitness.Action) async -> (subject: String, WriteOutcome) {
        switch action {
        case .callSilent(let object):
            let silent = Set(object.status?.silentTo ?? []).union([node]).sorted()
            let name = object.key.name
            return (
                name, await write(name, version: object.metadata.resourceVersion ?? "", ["silentTo": silent.document])
            )
        case .register(let object):
            let silent = (object.status?.silentTo ?? []).filter { $0 != node }
            let term = (object.status?.witnessTerms?[node] ?? 0) + 1
            let name = object.key.name
            let outcome = await write(
                name, version: object.metadata.resourceVersion ?? "",
                ["silentTo": silent.document, "witnessTerms": .object([node: .int(Int64(term))])])
            return (name, outcome)
        }
    }

    private func write(_ name: String, version: String, _ status: JSONValue) async -> WriteOutcome {
        let document: JSONValue = ["metadata": ["resourceVersion": .string(version)], "status": status]
        do {
            return .done(
                try await client.patch(EgressNode.self, name, with: .merge(document), subresource: "status"))
        } catch  where error.apiFailure?.isConflict == true {
            return .refused(try? await client.get(EgressNode.self, name))
        } catch let error as KubernetesError {
            switch error {
            case .refused(let failure): return failure.code < 500 ? .refused(nil) : .unknown
            case .unreachable(_, _, _, let fault): return fault.isBeforeSending ? .refused(nil) : .unknown
            default: return .unknown
            }
        } catch {
            return .unknown
        }
    }

    func list() async throws -> [EgressNode] { try await client.list(EgressNode.self).items }

    /// Says by a write of the node's Lease that it lives.
    func renewLease() async throws {
        let name = EgressNode.leasePrefix + node
        let spec: JSONValue = [
            "holderIdentity": .string(node), "leaseDurationSeconds": 1, "renewTime": .string(Timestamp.now().micros),
        ]
        do {
            try await client.patch(Lease.self, name, in: EgressNode.leaseNamespace, with: .merge(["spec": spec]))
        } catch  where error.apiFailure?.isNotFound == true {
            let lease: JSONValue = [
                "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
                "metadata": ["name": .string(name), "namespace": .string(EgressNode.leaseNamespace)], "spec": spec,
            ]
            try await client.create(lease, in: EgressNode.leaseNamespace)
        }
    }
}

extension [String] {
    fileprivate var document: JSONValue { .array(map(JSONValue.string)) }
}
