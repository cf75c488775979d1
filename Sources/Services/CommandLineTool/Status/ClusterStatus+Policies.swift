import ClusterAPI
import KubernetesClient

extension ClusterStatus {
    /// How many policies of each kind there are, and those that cannot be read.
    static func policies(_ client: KubernetesClient) async -> StatusLine {
        do {
            let list = try await client.list(NetworkPolicy.self)
            let spaces = Set(list.items.map(\.key.namespace)).count
            let wide = try await [
                count(AdminNetworkPolicy.self, client), count(BaselineAdminNetworkPolicy.self, client),
                count(ClusterNetworkPolicy.self, client),
            ].reduce(into: Count()) { $0.add($1) }
            let egress = try await [count(EgressFirewall.self, client), count(EgressNetworkPolicy.self, client)]
                .reduce(into: Count()) { $0.add($1) }
            let zones = try await count(Zone.self, client)
            let staged = try await [count(StagedPolicy.self, client), count(ClusterStagedPolicy.self, client)]
                .reduce(into: Count()) { $0.add($1) }
            var words = list.items.isEmpty ? [] : ["\(list.items.count) in " + spaces.counting("namespace")]
            if wide.items > 0 { words.append("\(wide.items) cluster-wide") }
            if egress.items > 0 { words.append(egress.items.counting("egress firewall")) }
            if zones.items > 0 { words.append(zones.items.counting("zone")) }
            if words.isEmpty { words.append("there are none") }
            if staged.items > 0 { words.append("\(staged.items) staged") }
            let unreadable = [list.unreadable, wide.unreadable, egress.unreadable, zones.unreadable, staged.unreadable]
                .flatMap(\.self)
            if !unreadable.isEmpty {
                words.append("unreadable: " + unreadable.map(\.description).joined(separator: "; "))
            }
            return StatusLine(
                part: "policies", condition: unreadable.isEmpty ? .well : .unwell,
                detail: words.joined(separator: ", "))
        } catch {
            return StatusLine(part: "policies", condition: .silent, detail: "\(error)")
        }
    }

    private struct Count {
        var items = 0
        var unreadable: [UnreadableObject] = []

        mutating func add(_ other: Count) {
            items += other.items
            unreadable += other.unreadable
        }
    }

    /// None, if the cluster does not have the kind.
    private static func count<Object: APIObject>(
        _ kind: Object.Type, _ client: KubernetesClient
    ) async throws -> Count {
        do {
            let list = try await client.list(kind)
            return Count(items: list.items.count, unreadable: list.unreadable)
        } catch  where error.apiFailure?.isNotFound == true {
            return Count()
        }
    }
}
