import AddressAllocation
import ClusterAPI
import KubernetesClient
import NetworkTypes

extension ClusterPlan {
    /// One NetNamespace for each Namespace.
    mutating func planNetIDs(_ snapshot: ClusterSnapshot, memory: inout AllocationMemory) {
        var used: [String: VNID] = [:]
        for netNamespace in snapshot.netNamespaces.sorted {
            let name = netNamespace.key.name
            guard let id = VNID(netNamespace.netid) else {
                findings.insert(
                    Finding(
                        .invalidNetID, "NetNamespace \(name): netid \(netNamespace.netid) is above 16777215",
                        about: ObjectReference(to: netNamespace)))
                continue
            }
            used[name] = id
            if !snapshot.namespaces.contains(name) {
                actions.append(.deleteNetNamespace(name: name, uid: netNamespace.metadata.uid))
            }
        }
        var allocator = memory.netIDs ?? NetIDAllocator(used: used)
        allocator.replaceUsed(used)
        defer { memory.netIDs = allocator }
        if !snapshot.netNamespaces.unreadable.isEmpty {
            reportUnreadable(snapshot.netNamespaces, "no network id is given until it is corrected")
            return
        }
        let left = planNetworkChanges(snapshot, &allocator)
        for namespace in snapshot.namespaces.sorted where !snapshot.netNamespaces.contains(namespace.key.name) {
            let name = namespace.key.name
            do {
                let id = try allocator.allocate(for: name, except: left)
                actions.append(.createNetNamespace(NetNamespace(netname: name, netid: id.value)))
            } catch {
                findings.insert(Finding(.netIDsExhausted, "\(error)", about: ObjectReference(to: namespace)))
            }
        }
    }

    mutating func reportUnreadable<Object>(_ mirror: Mirror<Object>, _ consequence: String) {
        for (name, reason) in mirror.unreadable {
            let kind = Object.resource.kind
            findings.insert(
                Finding(
                    .unreadableObject, "\(kind) \(name) cannot be read (\(reason)); \(consequence)",
                    about: ObjectReference(apiVersion: Object.resource.apiVersion, kind: kind, name: name)))
        }
    }
}
