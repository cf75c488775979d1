import ClusterAPI
import KubernetesClient
import Lab
import NetworkTypes
import PolicyEngine

/// To a host outside with 10,000 egress rules, against a pod of the same node that no policy selects.
///
/// As many rules as an EgressFirewall takes, none of which but the last is about the host, and AdminNetworkPolicies for the
/// rest, which are asked after them: every new connection goes through all of them.
struct EgressBench {
    let lab: Lab
    let rounds: Int

    private static let firewallRules = 8000
    private static let adminRules = 2000
    private static let adminRulesOfOne = 100
    private static let ruled = "egress-ruled"
    private static let free = "egress-free"
    static let host = "internet"

    static let objects = [ruled, free].map { namespace -> JSONValue in
        [
            "apiVersion": "v1", "kind": "Pod",
            "metadata": ["name": "client", "namespace": .string(namespace), "labels": ["app": "client"]],
            "spec": ["nodeName": "node-1", "containers": [["name": "c"]]],
        ]
    }

    func run() async throws -> [BenchMeasure] {
        let server = try await lab.namespace(of: "outside/\(Self.host)")
        guard let address = try lab.state().topology.outside.first(where: { $0.name == Self.host })?.addresses.first
        else {
            throw CommandFailure("the benchmark's host \(Self.host) has no address")
        }
        let plain = LoadMeter(
            client: try await lab.namespace(of: "\(Self.free)/client"), server: server, address: address, port: 8080)
        let ruled = LoadMeter(
            client: try await lab.namespace(of: "\(Self.ruled)/client"), server: server, address: address, port: 8080)
        try await lab.withClient { client in
            _ = try await client.create(Self.firewall)
            for policy in Self.adminPolicies { _ = try await client.create(policy) }
        }
        try await Task.sleep(for: .seconds(3))
        let (connects, throughputs) = try await LoadMeter.inTurns(plain, ruled, rounds: rounds)
        return [
            .pairs("connects to outside, 10,000 egress rules, against none", connects, "1/s"),
            .pairs("throughput to outside, 10,000 egress rules, against none", throughputs, "Gbit/s"),
        ]
    }

    private static func address(_ number: Int) -> String {
        "100.\(64 + number >> 16).\(number >> 8 & 255).\(number & 255)"
    }

    /// Denied and allowed addresses by turns, so that no two rules are one.
    private static var firewall: EgressFirewall {
        let rules = (1..<firewallRules).map { number in
            EgressFirewallSpec.Rule(
                type: number.isMultiple(of: 2) ? "Allow" : "Deny",
                to: .init(cidrSelector: "\(address(number))/32"))
        }
        let last = EgressFirewallSpec.Rule(type: "Allow", to: .init(cidrSelector: "0.0.0.0/0"))
        return EgressFirewall(namespace: ruled, spec: EgressFirewallSpec(egress: rules + [last]))
    }

    private static var adminPolicies: [AdminNetworkPolicy] {
        (0..<adminRules / adminRulesOfOne).map { policy in
            let rules = (0..<adminRulesOfOne).map { rule in
                AdminNetworkPolicySpec.Rule(
                    action: rule.isMultiple(of: 2) ? "Pass" : "Deny",
                    to: [ClusterPolicyPeer(networks: ["\(address(10_000 + policy * adminRulesOfOne + rule))/32"])])
            }
            let subject = ClusterPolicySubject(
                namespaces: LabelSelector(matchLabels: ["kubernetes.io/metadata.name": ruled]))
            return AdminNetworkPolicy(
                name: "bench-egress-\(policy)",
                spec: AdminNetworkPolicySpec(priority: policy, subject: subject, egress: rules))
        }
    }
}
