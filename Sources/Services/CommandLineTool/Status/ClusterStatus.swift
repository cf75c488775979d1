import ClusterAPI
import ClusterController
import KubernetesClient

/// What the API says about the cluster.
struct ClusterStatus {
    private(set) var lines: [StatusLine] = []
    /// The names of the cluster's nodes; nil when the API has not told.
    private(set) var nodes: Set<String>?
    /// What a person does about a server that does not answer; empty when it does.
    private(set) var remedy = ""

    /// Asks; never throws, because what does not answer is part of the status.
    static func ask(_ cluster: ClusterOption) async -> ClusterStatus {
        var status = ClusterStatus()
        do {
            try await cluster.withClient { client in
                let version = try await client.serverVersion()["gitVersion"]?.string ?? "unknown version"
                let clocks = client.clockDifference
                status.lines.append(
                    StatusLine(
                        part: "API server", condition: clocks == nil ? .well : .unwell,
                        detail: "\(version) at \(client.configuration.server)" + (clocks.map { ", \($0)" } ?? "")))
                status.lines.append(await controller(client))
                status.lines.append(await network(client))
                await status.addNodes(client)
                status.lines.append(await pods(client))
                status.lines.append(await policies(client))
                status.lines += await egress(client)
            }
        } catch {
            let failure = CommandFailure(error)
            status.lines = [StatusLine(part: "API server", condition: .silent, detail: failure.cause)]
            status.remedy = failure.remedy
        }
        return status
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
            let limit = client.serverTime().microsecondsSince1970 - Int64(seconds) * 2_000_000
            let isFresh = (lease.spec?.renewTime ?? "") >= Timestamp(microsecondsSince1970: limit).micros
            return StatusLine(
                part: "controller", condition: isFresh ? .well : .unwell,
                detail: "\(holder), renewed \(lease.spec?.renewTime ?? "never")")
        } catch {
            return StatusLine(part: "controller", condition: .silent, detail: "\(error)")
        }
    }

    /// The mode, and how many projects have an id.
    private static func network(_ client: KubernetesClient) async -> StatusLine {
        do {
            let network = try await client.list(ClusterNetwork.self).items.first { $0.key.name == "default" }
            guard let network else {
                return StatusLine(part: "network", condition: .unwell, detail: "there is no ClusterNetwork 'default'")
            }
            let projects = try await client.list(NetNamespace.self).items.count.counting("project")
            if case .unknown(let name) = network.mode {
                return StatusLine(
                    part: "network", condition: .unwell,
                    detail: "pluginName '\(name)' is not known: projects are separate, and NetworkPolicies hold")
            }
            return StatusLine(part: "network", condition: .well, detail: "mode \(network.mode), \(projects)")
        } catch {
            return StatusLine(part: "network", condition: .silent, detail: "\(error)")
        }
    }

    private mutating func addNodes(_ client: KubernetesClient) async {
        do {
            let nodes = try await client.list(Node.self).items
            self.nodes = Set(nodes.compactMap(\.metadata.name))
            let subnets = Dictionary(try await client.list(HostSubnet.self).items.map { ($0.host, $0) }) { first, _ in
                first
            }
            let leases = try await client.list(Lease.self, in: AgentLease.namespace).items
            let heartbeats = Dictionary(leases.compactMap { lease in AgentLease.node(of: lease).map { ($0, lease) } }) {
                first, _ in first
            }
            if nodes.isEmpty { lines.append(StatusLine(part: "nodes", condition: .well, detail: "there are none")) }
            lines += nodes.sorted { $0.key < $1.key }.map { node in
                let name = node.metadata.name ?? ""
                return StatusLine.node(node, subnets[name], heartbeat: heartbeats[name], at: client.serverTime())
            }
        } catch {
            lines.append(StatusLine(part: "nodes", condition: .silent, detail: "\(error)"))
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
}
