import ClusterAPI
import EgressAddressModel
import NetworkTypes

/// The API server of the simulation: objects with versions, and nothing of delays.
struct SimulatedAPI {
    private(set) var objects: [String: EgressNode] = [:]
    private(set) var leases: [String: Int] = [:]
    private var version = 0

    mutating func put(_ object: EgressNode) {
        version += 1
        var object = object
        object.metadata.resourceVersion = "\(version)"
        objects[object.key.name] = object
    }

    /// Nil when the version is another.
    mutating func change(_ name: String, version: String?, _ body: (inout EgressNode) -> Void) -> EgressNode? {
        guard var object = objects[name], object.metadata.resourceVersion == version else { return nil }
        body(&object)
        put(object)
        return objects[name]
    }

    mutating func renew(_ node: String) {
        version += 1
        leases[node] = version
    }
}

/// What is asked of the API.
enum APIRequest {
    case claim(EgressClaim, node: String)
    case witness(EgressWitness.Action, by: String)
    case move(EgressMove)
    case witnesses([String], of: EgressNode)
    case list
    case lease(String)
    case renew(String, sequence: UInt64)
}

enum APIAnswer {
    case object(EgressNode)
    case refused(EgressNode?)
    case list([EgressNode])
    case lease(String)
    case done
}

extension SimulatedAPI {
    mutating func perform(_ request: APIRequest) -> APIAnswer {
        switch request {
        case .claim(let claim, let node):
            return answer(node, claim.version) { object in
                var status = object.status ?? EgressNodeStatus()
                status.term = claim.term
                status.witnesses = claim.witnesses
                status.held = claim.addresses.sorted().map { EgressHolding(address: "\($0)") }
                status.networks = claim.networks.map(\.description)
                object.status = status
            }
        case .witness(let action, let witness): return perform(action, witness)
        case .move(let move):
            return answer(move.object.key.name, move.object.metadata.resourceVersion) { object in
                object.spec?.addresses = move.addresses.sorted().map { "\($0)" }
                object.spec?.releasing = move.releasing.sorted().map { "\($0)" }
            }
        case .witnesses(let witnesses, let object):
            return answer(object.key.name, object.metadata.resourceVersion) { $0.spec?.witnesses = witnesses }
        case .list: return .list(objects.values.sorted { $0.key < $1.key })
        case .lease(let node): return .lease("\(leases[node] ?? 0)")
        case .renew(let node, _):
            renew(node)
            return .done
        }
    }

    private mutating func perform(_ action: EgressWitness.Action, _ witness: String) -> APIAnswer {
        switch action {
        case .callSilent(let object):
            return answer(object.key.name, object.metadata.resourceVersion) { object in
                var status = object.status ?? EgressNodeStatus()
                status.silentTo = Set(status.silentTo ?? []).union([witness]).sorted()
                object.status = status
            }
        case .register(let object):
            return answer(object.key.name, object.metadata.resourceVersion) { object in
                var status = object.status ?? EgressNodeStatus()
                status.silentTo = (status.silentTo ?? []).filter { $0 != witness }
                status.witnessTerms = (status.witnessTerms ?? [:]).merging([witness: 1]) { $0 + $1 }
                object.status = status
            }
        }
    }

    private mutating func answer(
        _ name: String, _ version: String?, _ body: (inout EgressNode) -> Void
    ) -> APIAnswer {
        change(name, version: version, body).map { .object($0) } ?? .refused(objects[name])
    }
}
