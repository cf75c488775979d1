import APIMachinery
import ClusterAPI

/// What a node may make of the objects that its role lets it write.
///
/// The role decides by the request; this decides by the content, in the writer, where the present state is known. A node
/// that is taken over must not get rid of what limits it, nor reach other nodes' objects: an owner or a finalizer moves
/// the garbage collector, a label or a taint moves other people's selectors.
struct NodeRestriction: Sendable {
    let node: String

    /// Nil for identities that are no nodes, and for administrators.
    init?(_ identity: Identity) {
        guard let name = identity.nodeName, !identity.groups.contains(Identity.mastersGroup) else { return nil }
        node = name
    }

    /// 403 unless the node may make `after` of `before` (nil: create it).
    func check(
        _ after: JSONValue, replacing before: JSONValue?, _ key: StoreKey, _ resource: ResourceDescriptor
    ) throws(APIStatus) {
        let problem: String? =
            switch key.resource {
            case "nodes": nodeProblem(after, before)
            case "pods": podProblem(after, before)
            case "events": eventProblem(after, before)
            case "leases.coordination.k8s.io": leaseProblem(after, before)
            case "failovergroups.gabion.io": failoverProblem(after, before)
            case "egressnodes.gabion.io": egressProblem(after, before)
            default: "may not write \(resource.qualifiedPlural)"
            }
        guard let problem else { return }
        throw .forbidden(resource, name: key.name, why: "node \"\(node)\" \(problem)")
    }

    private func nodeProblem(_ after: JSONValue, _ before: JSONValue?) -> String? {
        if let problem = Self.lifetimeProblem(after, before) { return problem }
        for (member, isOwn) in [("labels", NodeKeys.isOwnLabel), ("annotations", NodeKeys.isOwnAnnotation)] {
            let foreign = Self.changedKeys(after["metadata"]?[member], before?["metadata"]?[member]).filter {
                !isOwn($0)
            }
            if !foreign.isEmpty { return "is not allowed to set its \(member) \(foreign.joined(separator: ", "))" }
        }
        if let endpoint = after["metadata"]?["annotations"]?[FlowEndpointAnnotation.key],
            endpoint != before?["metadata"]?["annotations"]?[FlowEndpointAnnotation.key],
            FlowEndpointAnnotation.endpoint(endpoint.string ?? "") == nil
        {
            return "must set \(FlowEndpointAnnotation.key) to the ADDRESS:PORT of one host"
        }
        guard let before else {
            let chosen = Set((after["spec"]?.object ?? [:]).keys).subtracting(NodeKeys.specAtRegistration).sorted()
            return chosen.isEmpty ? nil : "is not allowed to choose its spec.\(chosen.joined(separator: ", spec."))"
        }
        return after["spec"] == before["spec"] ? nil : "is not allowed to modify its spec"
    }

    /// Only the status subresource is open to nodes, which keeps everything else as it is.
    ///
    /// The role has looked at the pod before; by now it may be another one.
    ///
    /// Where no kubelet runs a node makes pods, and binds them, for itself.
    private func podProblem(_ after: JSONValue, _ before: JSONValue?) -> String? {
        let place = before?["spec"]?["nodeName"]?.string ?? after["spec"]?["nodeName"]?.string
        return place == node ? nil : "may not write pods of other nodes"
    }

    private func eventProblem(_ after: JSONValue, _ before: JSONValue?) -> String? {
        for event in [after, before].compactMap(\.self)
        where event["source"]?["host"]?.string != node && event["reportingInstance"]?.string != node {
            return "may write only events that name it as source.host or reportingInstance"
        }
        return Self.lifetimeProblem(after, before)
    }

    /// As kubelets do, a node may let its Lease go with its Node.
    private func leaseProblem(_ after: JSONValue, _ before: JSONValue?) -> String? {
        var unowned = after
        let owners = after["metadata"]?["ownerReferences"]?.array ?? []
        if owners.allSatisfy({ $0["apiVersion"] == "v1" && $0["kind"] == "Node" && $0["name"]?.string == node }) {
            unowned["metadata"]?["ownerReferences"] = before?["metadata"]?["ownerReferences"]
        }
        return Self.lifetimeProblem(unowned, before)
    }

    /// Only the status subresource is open to nodes; of who holds an address a node says that it does, or no longer.
    ///
    /// One that lets go what others hold too names one of them instead.
    private func failoverProblem(_ after: JSONValue, _ before: JSONValue?) -> String? {
        let lists = [after, before].map { object in
            Dictionary(
                (object?["status"]?["addresses"]?.array ?? []).map { ($0["address"]?.string ?? "", Holders($0)) }
            ) { $1 }
        }
        for (address, now) in lists[0].sorted(by: { $0.key < $1.key }) {
            let earlier = lists[1][address] ?? Holders(nil)
            let known = [node] + (earlier.first == node ? Array(earlier.others) : [])
            if let holder = now.first, holder != earlier.first, !known.contains(holder) {
                return "is not allowed to say that node \"\(holder)\" holds \(address)"
            }
            if now.first == nil, let holder = earlier.first, holder != node {
                return "is not allowed to say that node \"\(holder)\" holds \(address) no more"
            }
            if let stranger = now.others.subtracting(earlier.others).subtracting([node]).min() {
                return "is not allowed to say that node \"\(stranger)\" holds \(address), too"
            }
        }
        return nil
    }

    /// Only the status subresource is open to nodes: of its own EgressNode a node says what it holds, of others' that it does
    /// not hear them, or does again.
    ///
    /// A node that speaks for a witness could have an address at two nodes.
    private func egressProblem(_ after: JSONValue, _ before: JSONValue?) -> String? {
        guard let before else { return "may not make EgressNodes" }
        let statuses = [after, before].map { $0["status"] }
        let silent = statuses.map { Set(($0?["silentTo"]?.array ?? []).compactMap(\.string)) }
        let terms = Self.changedKeys(statuses[0]?["witnessTerms"], statuses[1]?["witnessTerms"])
        let strangers = silent[0].symmetricDifference(silent[1]).union(terms).subtracting([node]).sorted()
        if let stranger = strangers.first { return "is not allowed to speak for the witness \"\(stranger)\"" }
        if before["metadata"]?["name"]?.string == node { return nil }
        let own = Set((statuses[0]?.object ?? [:]).keys).union((statuses[1]?.object ?? [:]).keys)
            .subtracting(["silentTo", "witnessTerms"])
        let foreign = own.filter { statuses[0]?[$0] != statuses[1]?[$0] }.sorted()
        return foreign.isEmpty
            ? nil : "is not allowed to set status.\(foreign.joined(separator: ", status.")) of another node's"
    }

    private struct Holders {
        let first: String?
        let others: Set<String>

        init(_ entry: JSONValue?) {
            first = entry?["node"]?.string.flatMap { $0.isEmpty ? nil : $0 }
            others = Set((entry?["alsoHeldBy"]?.array ?? []).compactMap(\.string))
        }
    }

    /// What decides when an object goes is not for nodes to change.
    private static func lifetimeProblem(_ after: JSONValue, _ before: JSONValue?) -> String? {
        for member in ["ownerReferences", "finalizers"] {
            let values = [after, before].map { $0?["metadata"]?[member]?.array ?? [] }
            if values[0] != values[1] { return "is not allowed to modify metadata.\(member)" }
        }
        return nil
    }

    private static func changedKeys(_ after: JSONValue?, _ before: JSONValue?) -> [String] {
        let (new, old) = (after?.object ?? [:], before?.object ?? [:])
        return Set(new.keys).union(old.keys).filter { new[$0] != old[$0] }.sorted()
    }
}
