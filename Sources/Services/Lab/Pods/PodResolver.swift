import ClusterAPI
import DNSFormats
import NetworkTypes

/// Where a pod's programs ask for names, by its `dnsPolicy` and `dnsConfig`.
struct PodResolver {
    /// Of the service of names; empty if there is none.
    let servers: [IPAddress]
    /// The machine's own.
    let machine: ResolverFile

    private static let zone = "cluster.local"
    /// What resolver(5) takes.
    private static let mostServers = 3
    private static let mostSearches = 32

    /// Nil when the machine's file will do.
    func file(for pod: Pod) -> ResolverFile? {
        let config = pod.spec?.dnsConfig
        let base = base(for: pod)
        guard var file = base ?? config.map({ _ in machine }) else { return nil }
        let own = (config?.nameservers ?? []).compactMap { IPAddress($0) }
        file.nameservers = Array((file.nameservers + own).prefix(Self.mostServers))
        for search in config?.searches ?? [] where !file.searches.contains(search) { file.searches.append(search) }
        file.searches = Array(file.searches.prefix(Self.mostSearches))
        for option in config?.options ?? [] {
            guard let name = option.name else { continue }
            // The pod's own word counts.
            file.options.removeAll { $0 == name || $0.hasPrefix(name + ":") }
            file.options.append(option.value.map { "\(name):\($0)" } ?? name)
        }
        return file
    }

    /// Before the pod's own wishes; nil for the machine's.
    private func base(for pod: Pod) -> ResolverFile? {
        switch pod.spec?.dnsPolicy {
        case "None": return ResolverFile()
        case "Default": return nil
        case "ClusterFirstWithHostNet": break
        default: if pod.isHostNetwork { return nil }
        }
        guard !servers.isEmpty else { return nil }
        let zone = Self.zone
        return ResolverFile(
            nameservers: servers, searches: ["\(pod.key.namespace).svc.\(zone)", "svc.\(zone)", zone],
            options: ["ndots:5"])
    }
}
