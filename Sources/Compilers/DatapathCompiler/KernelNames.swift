package import NFTables
package import NetworkTypes
import PolicyEngine

/// The fixed names in the kernel: `docs/design/datapath.md` walks packets through them.
package enum KernelNames {
    package static let table: Name = "gabion"
    /// The overlay's interface.
    package static let overlay = "gabvxlan"
    static let overlayInterface: InterfacePattern = "gabvxlan"
    /// See `LinkState.namesInterface`.
    static let namesInterface: InterfacePattern = "gabdns0"
    /// Pods' interfaces, and others that begin like them, which rules therefore take out first.
    static let podInterfaces: InterfacePattern = "gab*"

    /// Where what comes from a pod queues if it has a limit: the pod's interface with `q` for its first digit, which no
    /// pod's interface has.
    package static func queue(of podInterface: String) -> String { "gabq" + podInterface.dropFirst(4) }

    // Base chains
    static let guardPrerouting: Name = "guard_prerouting"
    static let guardInput: Name = "guard_input"
    static let policyForward: Name = "policy_forward"
    static let natPrerouting: Name = "nat_prerouting"
    static let natOutput: Name = "nat_output"
    static let natPostrouting: Name = "nat_postrouting"
    static let guardOutput: Name = "guard_output"
    static let arpInput: Name = "arp_input"
    // Chains
    static let fromPod: Name = "from_pod"
    static let fromOverlay: Name = "from_overlay"
    static let leavePod: Name = "leave_pod"
    static let reachPod: Name = "reach_pod"
    static let closedPod: Name = "closed_pod"
    static let metadataGuard: Name = "metadata_guard"
    static let toServices: Name = "to_services"
    static let unservedService: Name = "unserved_service"
    static let fromServices: Name = "from_services"
    static let egressPrerouting: Name = "egress_prerouting"
    static let egressClosed: Name = "egress_closed"
    static let egressHere: Name = "egress_here"
    static let keepEgress: Name = "keep_egress"
    static let egressForward: Name = "egress_forward"
    static let egressTransit: Name = "egress_transit"

    // Sets and maps of a family
    static func sources(_ family: IPAddress.Family) -> Name { numbered("pod_sources", family) }
    static func tunnelEndpoints(_ family: IPAddress.Family) -> Name { numbered("tunnel_endpoints", family) }
    static func hosts(_ family: IPAddress.Family) -> Name { numbered("hosts", family) }
    static func overlayHosts(_ family: IPAddress.Family) -> Name { numbered("overlay_hosts", family) }
    static func clusterRanges(_ family: IPAddress.Family) -> Name { numbered("cluster_ranges", family) }
    static func ownAddresses(_ family: IPAddress.Family) -> Name { numbered("own_addresses", family) }
    package static func egressMap(_ family: IPAddress.Family) -> Name { numbered("egress", family) }
    package static func ingressMap(_ family: IPAddress.Family) -> Name { numbered("ingress", family) }
    static func serviceRanges(_ family: IPAddress.Family) -> Name { numbered("service_ranges", family) }
    static func hairpins(_ family: IPAddress.Family) -> Name { numbered("hairpins", family) }
    static func serviceMap(_ scope: ServiceScope, _ family: IPAddress.Family) -> Name {
        scope == .nodePort ? numbered("node_ports", family) : scoped("services", scope, family)
    }
    /// Of `node_ports`, those that mean the same at every node.
    static func anyNodePortMap(_ family: IPAddress.Family) -> Name { numbered("any_node_ports", family) }
    static func endpointMap(_ scope: ServiceScope, _ family: IPAddress.Family) -> Name {
        scoped("endpoints", scope, family)
    }
    static func choiceMap(_ scope: ServiceScope, _ family: IPAddress.Family) -> Name {
        scoped("choices", scope, family)
    }
    /// Of IPv4; see `ServiceAffinity`.
    static func affinityMap(_ scope: ServiceScope) -> Name { scoped("affinity", scope, .v4) }
    /// The addresses of nodes at which node ports are served, where not at all.
    static func nodePortRanges(_ family: IPAddress.Family) -> Name { numbered("node_port_ranges", family) }
    static func metadata(_ family: IPAddress.Family) -> Name { numbered("metadata", family) }
    /// The pods that may reach it.
    static func metadataAccess(_ family: IPAddress.Family) -> Name { numbered("metadata_access", family) }
    /// Which way selected pods' packets take out of the cluster.
    static func egressWays(_ family: IPAddress.Family) -> Name { numbered("egress_ways", family) }
    /// With which address they leave this node.
    static func egressAddresses(_ family: IPAddress.Family) -> Name { numbered("egress_addresses", family) }
    static let arpSenders: Name = "arp_senders"

    /// Whether each element of the set or map is about one pod of this node: its interface, or its address.
    package static func isPerPod(_ set: Name) -> Bool {
        set == arpSenders
            || IPAddress.Family.allCases.contains {
                [
                    sources($0), egressMap($0), ingressMap($0), hairpins($0), metadataAccess($0), egressWays($0),
                ].contains(set)
            }
    }

    /// Whether the process that learns names fills the set.
    package static func isOfNames(_ set: Name) -> Bool { set.text.hasPrefix(PeerSetID.Kind.names.rawValue + "-") }

    private static func scoped(_ name: String, _ scope: ServiceScope, _ family: IPAddress.Family) -> Name {
        numbered(scope.prefix + name, family)
    }

    static func numbered(_ name: String, _ family: IPAddress.Family) -> Name { "\(name)\(family.rawValue)" }

    /// What the names of a tier's chains begin with, after their direction.
    static func part(_ tier: Tier) -> String {
        switch tier {
        // It has no chains of its own: see `MetadataChains`.
        case .metadata: "metadata-"
        case .tenancy: "tenancy-"
        case .zones: "zones-"
        case .egressFirewall: "firewall-"
        case .admin: "admin-"
        case .networkPolicy: ""
        case .baseline: "baseline-"
        }
    }

    /// Why a packet is dropped: each has a counter of its own, under this name.
    package enum Drop: String, CaseIterable, Sendable {
        /// A pod's packet with an address or MAC that is not the pod's.
        case spoof = "drop_spoof"
        /// A pod that tries to speak VXLAN to a node.
        case tunnelFromPod = "drop_tunnel_from_pod"
        /// VXLAN from somebody who is no node.
        case tunnelStranger = "drop_tunnel_stranger"
        /// A packet out of the overlay with a source of this node.
        case overlaySpoof = "drop_overlay_spoof"
        /// A packet from the underlay with a pod's source.
        case underlaySpoof = "drop_underlay_spoof"
        /// A packet that fits no connection (`ct state invalid`).
        case invalid = "drop_invalid"
        /// To or from a pod interface, but no attached pod has the address.
        case unknown = "drop_unknown"
        /// A pod whose policies are not known yet, or no longer.
        case closed = "drop_closed"
        case arpSpoof = "drop_arp_spoof"
        /// To a service's address where nobody serves: refused, so that nobody waits.
        case unserved = "drop_unserved"
        /// To a load balancer's address from none of its `loadBalancerSourceRanges`.
        case sourceRange = "drop_source_range"
        /// To a loopback address of this node from elsewhere (CVE-2020-8558).
        case loopback = "drop_loopback"
        /// A pod's packet to an address of the cloud's metadata, without a MetadataAccess.
        case metadata = "drop_metadata"
        /// Out of the cluster from a pod whose source addresses no node holds.
        case noEgressAddress = "drop_no_egress_address"
        /// Out of the cluster from a pod that this node holds no source address of, or off the way to the node that does; from
        /// outside by another node, for no connection that is known here.
        case egressStray = "drop_egress_stray"
        /// By the default deny of some policies: all of them together; the rule's own counter says whose.
        case policy = "drop_policy"

        package var counter: Name { Name(rawValue) }

        /// The chain of this name tells, counts and drops.
        var chain: Name { counter }

        /// Those that end in a chain of their own: ARP is no flow, and each policy's denials have theirs.
        static let chained = allCases.filter { $0 != .arpSpoof && $0 != .policy }

        /// What happens to the packet in that chain, by one rule each.
        var ends: [[Statement]] {
            let counted = Statement.namedCounter(counter)
            guard self == .unserved else { return [[counted, .verdict(.drop)]] }
            return [
                [.match(.layer4Protocol, .value(.transport(.tcp))), counted, .reject(.reset)],
                [counted, .reject(.portUnreachable)],
            ]
        }

        /// Sends packets to their end, after the given conditions.
        func rule(_ conditions: Statement...) -> Rule {
            let end: [Statement] =
                self == .arpSpoof ? [.namedCounter(counter), .verdict(.drop)] : [.verdict(.goto(chain))]
            return Rule(id: rawValue, conditions + end)
        }
    }
}
