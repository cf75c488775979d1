import ClusterAPI
import DatapathCompiler
import LinkState
import NFTables
import NetworkTypes
import NodeModel
import Testing

@Suite struct GoldenTests {
    /// Two pods: one that only `web` may reach on 80, one that is closed because the API has not shown it.
    static var state: NodeState {
        var model = NodeModel(nodeName: "one")
        model.upsert(ClusterNetwork(clusterNetworks: [.init(cidr: "10.128.0.0/14", hostSubnetLength: 8)]))
        for (number, name) in [(1, "one"), (2, "two")] {
            model.upsert(HostSubnet(host: name, hostIPs: ["192.168.7.\(number)"], subnets: ["10.128.\(number).0/24"]))
        }
        model.upsert(Namespace(metadata: ObjectMeta(name: "shop")))
        var pod = Pod(metadata: ObjectMeta(name: "db", namespace: "shop", labels: ["app": "db"]))
        pod.spec = PodSpec(nodeName: "one")
        model.upsert(pod)
        for (number, name) in [(5, "db"), (6, "new")] {
            let address = IPAddress(v4: 0x0A80_0100 + UInt32(number))
            model.attach(
                PodAttachment(
                    pod: ObjectKey(namespace: "shop", name: name), containerID: name,
                    interface: "gab00000000000\(number)", addresses: [address], mac: MACAddress(derivedFrom: address)))
        }
        let web = NetworkPolicyPeer(podSelector: LabelSelector(matchLabels: ["app": "web"]))
        let office = NetworkPolicyPeer(ipBlock: IPBlock(cidr: "203.0.113.0/24"))
        var spec = NetworkPolicySpec(podSelector: LabelSelector(matchLabels: ["app": "db"]))
        spec.ingress = [
            .init(from: [web], ports: [NetworkPolicyPort(port: .int(80))]), .init(from: [office]),
        ]
        model.upsert(NetworkPolicy(metadata: ObjectMeta(name: "db", namespace: "shop"), spec: spec))
        _ = model.settle()
        return model.state
    }

    @Test("a small cluster compiles to this, and to the same for IPv6")
    func golden() {
        let lines = Self.lines(DatapathCompiler.compile(Self.state).table)
        #expect(lines.filter { !Self.isV6($0) }.joined(separator: "\n") == Self.expected)
        let elements: Set<String> = Set(lines.filter { $0.contains(" { ") && !$0.contains("vmap") })
        let rules = Set(lines).subtracting(elements)
        // The cluster's node has no IPv6 address to answer from, and IPv6 no node ports at its loopback address.
        let own = ["from_services", "guard_input iifname", "nat_output meta nfproto"]
        for line in rules where (line.contains(" ip ") || line.contains("4 ")) && !own.contains(where: line.hasPrefix) {
            #expect(rules.contains(Self.inV6(line)), "no rule as \(line)")
        }
    }

    @Test("the ways of a small cluster")
    func links() {
        let links = DatapathCompiler.compile(Self.state).links
        let changes = LinkState.plan(from: LinkState(), to: links).map(\.description)
        #expect(changes.filter { !$0.hasPrefix("set ") } == Self.expectedLinks)
        #expect(links.settings["net/ipv4/ip_forward"] == "1")
        #expect(links.settings["net/ipv6/conf/gab000000000005/disable_ipv6"] == "1")
    }

    /// What the chains and sets hold, without names of the table and without comments.
    private static func lines(_ table: Table) -> [String] {
        Transaction.plan(from: nil as Table?, to: table).lines.compactMap { line in
            for start in ["add rule inet gabion ", "add element inet gabion "] where line.hasPrefix(start) {
                let text = line.dropFirst(start.count)
                return text.firstRange(of: " comment \"").map { String(text[..<$0.lowerBound]) } ?? String(text)
            }
            return nil
        }
    }

    private static func isV6(_ line: String) -> Bool { line.contains("ip6 ") || line.contains("ipv6 ") }

    private static func inV6(_ line: String) -> String {
        let words = line.split(separator: " ").map { word in
            switch word {
            case "ip": "ip6"
            case "ipv4": "ipv6"
            case "127.0.0.0/8": "::1"
            default: word.hasPrefix("@") && word.hasSuffix("4") ? word.dropLast() + "6" : String(word)
            }
        }
        return words.joined(separator: " ")
    }

    private static let expectedLinks = [
        "create link gabvxlan",
        "add route 10.128.1.5/32 dev gab000000000005 src 192.168.7.1",
        "add route 10.128.1.6/32 dev gab000000000006 src 192.168.7.1",
        "add route unreachable 10.128.1.0/24 metric 4096",
        "add route 10.128.2.0/24 via 10.128.2.0 dev gabvxlan src 192.168.7.1 onlink",
        "add route 192.168.7.2/32 via 10.128.2.0 dev gabvxlan table 71 onlink",
        "put neighbour 10.128.1.5 lladdr 0a:58:0a:80:01:05 dev gab000000000005",
        "put neighbour 10.128.1.6 lladdr 0a:58:0a:80:01:06 dev gab000000000006",
        "put neighbour 10.128.2.0 lladdr 0a:58:c0:a8:07:02 dev gabvxlan",
        "put forwarding entry 0a:58:c0:a8:07:02 dst 192.168.7.2 dev gabvxlan",
        "add rule 7100: from 10.128.0.0/14 lookup 71",
    ]

    private static let expected = """
        closed_pod goto drop_closed
        deny-ingress-244c3849f3d28697fd10766a0e5c23da limit rate 20/second burst 50 packets log prefix "drop_policy \
        deny-ingress-244c3849f3d28697fd10766a0e5c23da default deny ingress (NetworkPolicy shop/db)" group 71 snaplen 96
        deny-ingress-244c3849f3d28697fd10766a0e5c23da counter counter name "drop_policy" drop
        drop_closed limit rate 20/second burst 50 packets log prefix "drop_closed" group 71 snaplen 96
        drop_closed counter name "drop_closed" drop
        drop_egress_stray limit rate 20/second burst 50 packets log prefix "drop_egress_stray" group 71 snaplen 96
        drop_egress_stray counter name "drop_egress_stray" drop
        drop_invalid limit rate 20/second burst 50 packets log prefix "drop_invalid" group 71 snaplen 96
        drop_invalid counter name "drop_invalid" drop
        drop_loopback limit rate 20/second burst 50 packets log prefix "drop_loopback" group 71 snaplen 96
        drop_loopback counter name "drop_loopback" drop
        drop_metadata limit rate 20/second burst 50 packets log prefix "drop_metadata" group 71 snaplen 96
        drop_metadata counter name "drop_metadata" drop
        drop_no_egress_address limit rate 20/second burst 50 packets log prefix \
        "drop_no_egress_address" group 71 snaplen 96
        drop_no_egress_address counter name "drop_no_egress_address" drop
        drop_overlay_spoof limit rate 20/second burst 50 packets log prefix "drop_overlay_spoof" group 71 snaplen 96
        drop_overlay_spoof counter name "drop_overlay_spoof" drop
        drop_source_range limit rate 20/second burst 50 packets log prefix "drop_source_range" group 71 snaplen 96
        drop_source_range counter name "drop_source_range" drop
        drop_spoof limit rate 20/second burst 50 packets log prefix "drop_spoof" group 71 snaplen 96
        drop_spoof counter name "drop_spoof" drop
        drop_tunnel_from_pod limit rate 20/second burst 50 packets log prefix "drop_tunnel_from_pod" group 71 snaplen 96
        drop_tunnel_from_pod counter name "drop_tunnel_from_pod" drop
        drop_tunnel_stranger limit rate 20/second burst 50 packets log prefix "drop_tunnel_stranger" group 71 snaplen 96
        drop_tunnel_stranger counter name "drop_tunnel_stranger" drop
        drop_underlay_spoof limit rate 20/second burst 50 packets log prefix "drop_underlay_spoof" group 71 snaplen 96
        drop_underlay_spoof counter name "drop_underlay_spoof" drop
        drop_unknown limit rate 20/second burst 50 packets log prefix "drop_unknown" group 71 snaplen 96
        drop_unknown counter name "drop_unknown" drop
        drop_unserved limit rate 20/second burst 50 packets log prefix "drop_unserved" group 71 snaplen 96
        drop_unserved meta l4proto 6 counter name "drop_unserved" reject with tcp reset
        drop_unserved counter name "drop_unserved" reject with icmpx type port-unreachable
        egress_closed meta mark set 0x68000000 goto keep_egress
        egress_forward ct direction reply return
        egress_forward meta mark 0x68000000 goto drop_no_egress_address
        egress_forward meta mark 0x68000001 oifname != "gab*" return
        egress_forward meta mark 0x68000001 goto drop_egress_stray
        egress_forward meta mark & 0xff000000 == 0x68000000 oifname "gabvxlan" return
        egress_forward goto drop_egress_stray
        egress_here meta mark set 0x68000001 goto keep_egress
        egress_transit ct state & (new) == 0 goto drop_invalid
        egress_transit meta l4proto 17 th dport 4789 goto drop_tunnel_from_pod
        egress_transit ip saddr @cluster_ranges4 accept
        egress_transit goto drop_egress_stray
        from_overlay ip saddr @own_addresses4 goto drop_overlay_spoof
        from_pod iifname . ether saddr . ip saddr != @pod_sources4 goto drop_spoof
        from_pod meta l4proto 17 th dport 4789 ip daddr @hosts4 goto drop_tunnel_from_pod
        from_services ip saddr 127.0.0.0/8 snat ip to 192.168.7.1
        from_services ip saddr . ip daddr @hairpins4 snat ip to 192.168.7.1
        from_services meta nfproto ipv4 iifname != "gab*" oifname "gabvxlan" snat ip to 192.168.7.1
        from_services meta nfproto ipv4 iifname "gabvxlan" oifname "gabvxlan" snat ip to 192.168.7.1
        from_services meta nfproto ipv4 iifname != "gab*" oifname != "gab*" snat ip to 192.168.7.1
        guard_input meta mark 0x66000000 goto drop_unserved
        guard_input iifname != "lo" ip daddr 127.0.0.0/8 ct state & (established | related) == 0 goto drop_loopback
        guard_input meta l4proto 17 th dport 4789 ip saddr != @tunnel_endpoints4 goto drop_tunnel_stranger
        guard_output meta mark 0x66000000 goto drop_unserved
        guard_prerouting meta l4proto 6 iifname . ether saddr . ip saddr @pod_sources4 accept
        guard_prerouting iifname "gabdns0" accept
        guard_prerouting iifname "gabvxlan" goto from_overlay
        guard_prerouting iifname "gab*" goto from_pod
        guard_prerouting iifname != "lo" ip saddr @cluster_ranges4 goto drop_underlay_spoof
        ingress-2e43657bf9092229454e02b831dde22b ip saddr @nets-94c6699ed4d8ee6840d76f5a3dbf8764-4 accept
        ingress-2e43657bf9092229454e02b831dde22b meta l4proto . th dport vmap { 6 . 80 : goto \
        ingress-ports-3332063f75693e92977b18706996b84c }
        ingress-2e43657bf9092229454e02b831dde22b goto deny-ingress-244c3849f3d28697fd10766a0e5c23da
        ingress-ports-3332063f75693e92977b18706996b84c ip saddr @pods-9dacd2e7a467ae4e4a93d5c27961388b-4 accept
        ingress-ports-3332063f75693e92977b18706996b84c goto deny-ingress-244c3849f3d28697fd10766a0e5c23da
        keep_egress ct mark set meta mark accept
        leave_pod ct state invalid goto drop_invalid
        leave_pod oifname != "gab*" meta l4proto 17 th dport 4789 goto drop_tunnel_from_pod
        leave_pod ip daddr @metadata4 jump metadata_guard
        leave_pod ip saddr vmap @egress4
        leave_pod goto drop_unknown
        log_new counter name "flow_new"
        log_new limit rate 100/second burst 200 packets log prefix "new" group 71 snaplen 96
        metadata_guard meta l4proto 17 th dport 53 return
        metadata_guard meta l4proto 6 th dport 53 return
        metadata_guard ip saddr @metadata_access4 return
        metadata_guard goto drop_metadata
        nat_output ip daddr . meta l4proto . th dport vmap @inside_services4
        nat_output ip daddr . meta l4proto . th dport vmap @services4
        nat_output meta nfproto ipv4 fib daddr type local meta l4proto . th dport vmap @node_ports4
        nat_output ip daddr @service_ranges4 goto unserved_service
        nat_postrouting iifname "gabvxlan" oifname != "gab*" meta nfproto ipv4 snat ip to ip saddr map @egress_addresses4
        nat_postrouting iifname "gabvxlan" oifname != "gab*" ip saddr @cluster_ranges4 goto drop_egress_stray
        nat_postrouting oifname "gab*" jump log_new
        nat_postrouting iifname "gab*" oifname != "gab*" jump log_new
        nat_postrouting meta mark 0x68000001 oifname != "gab*" meta nfproto ipv4 snat ip to ip saddr map \
        @egress_addresses4
        nat_postrouting meta mark & 0xff000000 == 0x68000000 oifname != "gab*" ip saddr @cluster_ranges4 goto drop_egress_stray
        nat_postrouting meta mark & 0xff000000 == 0x67000000 jump from_services
        nat_postrouting oifname != "gab*" ip saddr @cluster_ranges4 ip daddr != @cluster_ranges4 ip \
        daddr != @overlay_hosts4 masquerade
        nat_prerouting iifname "gab*" ip daddr . meta l4proto . th dport vmap @inside_services4
        nat_prerouting ip daddr . meta l4proto . th dport vmap @services4
        nat_prerouting iifname "gab*" ip daddr @hosts4 meta l4proto . th dport vmap @any_node_ports4
        nat_prerouting meta nfproto ipv4 fib daddr type local ip daddr != 127.0.0.0/8 meta l4proto . th dport vmap \
        @node_ports4
        nat_prerouting ip daddr @service_ranges4 goto unserved_service
        policy_forward ct mark & 0xff000000 == 0x68000000 jump egress_forward
        policy_forward ct state established,related accept
        policy_forward iifname "gabdns0" accept
        policy_forward meta mark 0x66000000 goto drop_unserved
        policy_forward meta mark & 0xff000000 == 0x67000000 ip saddr . ip daddr @hairpins4 accept
        policy_forward iifname "gabvxlan" oifname != "gab*" goto egress_transit
        policy_forward iifname "gabvxlan" ip saddr != @cluster_ranges4 ip saddr != @hosts4 goto drop_egress_stray
        policy_forward iifname "gabvxlan" goto reach_pod
        policy_forward iifname "gab*" goto leave_pod
        policy_forward oifname "gab*" goto reach_pod
        reach_pod oifname "gabvxlan" accept
        reach_pod oifname != "gab*" accept
        reach_pod ct state invalid goto drop_invalid
        reach_pod ip daddr vmap @ingress4
        reach_pod goto drop_unknown
        unserved_service meta mark set 0x66000000 accept
        cluster_ranges4 { 10.128.0.0/14 }
        hairpins4 { 10.128.1.5 . 10.128.1.5, 10.128.1.6 . 10.128.1.6 }
        hosts4 { 192.168.7.1, 192.168.7.2 }
        metadata4 { 100.100.100.200, 168.63.129.16, 169.254.169.254, 169.254.170.2, 192.0.0.192 }
        metadata6 { fd00:ec2::254, fd20:ce::254 }
        nets-94c6699ed4d8ee6840d76f5a3dbf8764-4 { 203.0.113.0/24 }
        overlay_hosts4 { 192.168.7.1, 192.168.7.2 }
        own_addresses4 { 10.128.1.0/24, 127.0.0.0/8, 192.168.7.1 }
        pod_sources4 { "gab000000000005" . 0a:58:0a:80:01:05 . 10.128.1.5, "gab000000000006" . \
        0a:58:0a:80:01:06 . 10.128.1.6 }
        tunnel_endpoints4 { 192.168.7.2 }
        egress4 { 10.128.1.5 : goto reach_pod, 10.128.1.6 : goto closed_pod }
        ingress4 { 10.128.1.5 : goto ingress-2e43657bf9092229454e02b831dde22b, 10.128.1.6 : goto closed_pod }
        """
}
