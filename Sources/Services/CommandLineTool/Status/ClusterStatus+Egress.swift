import AddressAllocation
import ClusterAPI
import EgressAddressModel
import KubernetesClient
import NetworkTypes

extension ClusterStatus {
    /// Where egress addresses are; none where nobody asks for any.
    static func egress(_ client: KubernetesClient) async -> [StatusLine] {
        do {
            return try await asked(client)
        } catch {
            return [StatusLine(part: "egress", condition: .silent, detail: "\(error)")]
        }
    }

    private static func asked(_ client: KubernetesClient) async throws -> [StatusLine] {
        var unreadable: [String] = []
        var situation = EgressSituation(
            hostSubnets: try await known(HostSubnet.self, client, &unreadable),
            netNamespaces: try await known(NetNamespace.self, client, &unreadable),
            egressIPs: try await known(EgressIP.self, client, &unreadable),
            zones: try await known(Zone.self, client, &unreadable),
            egressNodes: try await known(EgressNode.self, client, &unreadable))
        guard situation.isAsked || !unreadable.isEmpty || situation.egressNodes.contains(where: { !$0.owned.isEmpty })
        else { return [] }
        situation.nodes = try await known(Node.self, client, &unreadable)
        let networks = try await known(ClusterNetwork.self, client, &unreadable)
        situation.clusterRanges = networks.flatMap { network in
            network.entries.compactMap { CIDR($0.cidr) } + network.serviceNetworkTexts.compactMap { CIDR($0) }
        }
        let rules = ExternalIPRules(
            try await known(ExternalIPPolicy.self, client, &unreadable), reserved: situation.clusterRanges)
        let taken = TakenAddresses(
            services: try await known(Service.self, client, &unreadable), rules: rules,
            groups: try await known(FailoverGroup.self, client, &unreadable))
        (situation.taken, situation.takenRanges) = (taken.words, taken.ranges)
        // What the API's own witness says is the controller's to judge: it looks at Leases for a while.
        for node in situation.egressNodes where node.isFenced(apiIsSilent: false) && node.status?.witnesses != nil {
            situation.lost[node.key.name] =
                "does not answer its witnesses (" + (node.status?.silentTo ?? []).joined(separator: ", ") + ")"
        }
        return EgressLines(situation, unreadable: unreadable).lines
    }

    /// None, if the cluster does not have the kind.
    private static func known<Object: APIObject>(
        _ kind: Object.Type, _ client: KubernetesClient, _ unreadable: inout [String]
    ) async throws -> [Object] {
        do {
            let list = try await client.list(kind)
            unreadable += list.unreadable.map { "\(kind.resource.kind) \($0)" }
            return list.items
        } catch  where error.apiFailure?.isNotFound == true {
            return []
        }
    }
}
