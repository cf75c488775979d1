import ClusterAPI
import ClusterController
import KubernetesClient

/// What the API says about the cluster.
enum ClusterStatus {
    static func lines(_ cluster: ClusterOption) async -> [StatusLine] {
        do {
            return try await cluster.withClient { client in
                let version = try await client.serverVersion()["gitVersion"]?.string ?? "unknown version"
                var lines = [
                    StatusLine(
                        part: "API server", condition: .well, detail: "\(version) at \(client.configuration.server)")
                ]
                lines.append(await controller(client))
                lines += await nodes(client)
                lines.append(await pods(client))
                lines.append(await policies(client))
                return lines
            }
        } catch {
            let words = "\(error)".split(separator: "\n").first.map(String.init) ?? ""
            let detail = words.hasPrefix("error: ") ? String(words.dropFirst(7)) : words
            return [StatusLine(part: "API server", condition: .silent, detail: detail)]
        }
    }

    /// The controller is known by the Lease that it holds.
    private static func controller(_ client: KubernetesClient) async -> StatusLine {
        do {
            let lease = try await client.list(Lease.self).items.first { $0.key == ClusterController.lease }
            guard let lease, let holder = lease.spec?.holderIdentity, !holder.isEmpty else {
                return StatusLine(part: "controller", condition: .unwell, detail: "nobody holds its lease")
            }
            let seconds = lease.spec?.leaseDurationSeconds ?? 15
            // Times in one format compare as texts.
            let limit = Timestamp.now().microsecondsSince1970 - Int64(seconds) * 2_000_000
            let isFresh = (lease.spec?.renewTime ?? "") >= Timestamp(microsecondsSince1970: limit).micros
            return StatusLine(
                part: "controller", condition: isFresh ? .well : .unwell,
                detail: "\(holder), renewed \(lease.spec?.renewTime ?? "never")")
        } catch {
            return StatusLine(part: "controller", condition: .silent, detail: "\(error)")
        }
    }

    private static func nodes(_ client: KubernetesClient) async -> [StatusLine] {
        do {
            let nodes = try await client.list(Node.self).items
            let subnets = Dictionary(try await client.list(HostSubnet.self).items.map { ($0.host, $0) }) { first, _ in
                first
            }
            return nodes.sorted { $0.key < $1.key }.map { node in
                let name = node.metadata.name ?? ""
                let ready = node.status?.conditions?.first { $0.type == "Ready" }
                let ranges = subnets[name]?.allSubnets.joined(separator: " ") ?? "no pod subnet"
                let isWell = ready?.status == "True" && subnets[name] != nil
                let why =
                    ready.map { $0.status == "True" ? "" : ", \($0.reason ?? "not ready")" } ?? ", Ready is not known"
                return StatusLine(part: "node \(name)", condition: isWell ? .well : .unwell, detail: ranges + why)
            }
        } catch {
            return [StatusLine(part: "nodes", condition: .silent, detail: "\(error)")]
        }
    }

    private static func pods(_ client: KubernetesClient) async -> StatusLine {
        do {
            let pods = try await client.list(Pod.self).items
            let phases = Dictionary(grouping: pods) { $0.status?.phase ?? "Pending" }
            let text = phases.sorted { $0.key < $1.key }.map { "\($0.value.count) \($0.key)" }.joined(separator: ", ")
            let isWell = phases["Pending"] == nil && phases["Failed"] == nil
            return StatusLine(
                part: "pods", condition: isWell ? .well : .unwell, detail: text.isEmpty ? "there are none" : text)
        } catch {
            return StatusLine(part: "pods", condition: .silent, detail: "\(error)")
        }
    }

    private static func policies(_ client: KubernetesClient) async -> StatusLine {
        do {
            let list = try await client.list(NetworkPolicy.self)
            let spaces = Set(list.items.map(\.key.namespace)).count
            let broken =
                list.unreadable.isEmpty
                ? "" : ", unreadable: \(list.unreadable.map(\.description).joined(separator: "; "))"
            return StatusLine(
                part: "policies", condition: list.unreadable.isEmpty ? .well : .unwell,
                detail: "\(list.items.count) in \(spaces) namespaces" + broken)
        } catch {
            return StatusLine(part: "policies", condition: .silent, detail: "\(error)")
        }
    }
}
