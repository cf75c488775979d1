import LinuxSystem
import ToolRunner

/// The lab's wiring in the kernel: made by a `NetworkScript`, known by the prefix of its namespaces.
struct LabNetwork: Sendable {
    let name: LabName
    let tools = ToolRunner()

    /// Makes all namespaces and links.
    ///
    /// Whoever calls it has swept before.
    func build(_ topology: LabTopology) async throws {
        let script = NetworkScript(name, topology)
        for namespace in script.namespaces {
            try NetworkNamespace.create(named: namespace)
            try await Self.tune(namespace, forwards: namespace == name.routerNamespace)
        }
        for step in script.steps { try await batch(step.lines, in: step.namespace) }
    }

    /// Runs lines of `ip -batch` inside a namespace.
    func batch(_ lines: [String], in namespace: String) async throws {
        let input = lines.joined(separator: "\n") + "\n"
        try await tools.run("ip", ["-n", namespace, "-batch", "-"], input: Array(input.utf8))
    }

    /// What probes and pods need of a namespace: addresses usable at once, ICMP errors that are not rationed (a closed
    /// UDP port must be heard every time), no reverse path filter.
    static func tune(_ namespace: String, forwards: Bool = false) async throws {
        try await withNetworkNamespace(.named(namespace)) {
            var settings = [
                ("net/ipv4/icmp_ratelimit", "0"), ("net/ipv4/conf/all/rp_filter", "0"),
                ("net/ipv4/conf/default/rp_filter", "0"), ("net/ipv4/ip_forward", forwards ? "1" : "0"),
            ]
            let hasV6 = (try? Sysctl.read("net/ipv6/conf/all/disable_ipv6")) != nil
            if hasV6 {
                settings += [
                    ("net/ipv6/icmp/ratelimit", "0"), ("net/ipv6/conf/all/disable_ipv6", "0"),
                    ("net/ipv6/conf/default/disable_ipv6", "0"), ("net/ipv6/conf/default/accept_dad", "0"),
                    ("net/ipv6/conf/default/accept_ra", "0"),
                    ("net/ipv6/conf/all/forwarding", forwards ? "1" : "0"),
                ]
            }
            for (key, value) in settings { try Sysctl.ensure(key, value) }
        }
    }
}
