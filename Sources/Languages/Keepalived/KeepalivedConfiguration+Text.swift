package import NetworkTypes

extension KeepalivedConfiguration {
    /// The file.
    package var text: String {
        var lines = ["# Written by gabion failover; changes are lost.", "global_defs {"]
        lines += Self.indented(globals)
        lines.append("}")
        for file in trackFiles {
            lines += ["track_file \(file.name) {"] + Self.indented(["file \"\(file.path.text)\"", "weight 0"]) + ["}"]
        }
        for instance in instances {
            lines += ["vrrp_instance \(instance.name) {"] + Self.indented(instance.lines) + ["}"]
        }
        return lines.map { $0 + "\n" }.joined()
    }

    /// Not with real-time priority: keepalived then lets the kernel kill it when it works for 10 ms without a pause, and
    /// on a busy machine that happens in the middle of taking an address over.
    private var globals: [String] {
        [
            "router_id gabion", "vrrp_version 3", "vrrp_notify_fifo \"\(notifyPipe.text)\"",
            "fifo_write_vrrp_states_on_reload", "vrrp_check_unicast_src", "vrrp_priority -20",
            // Neighbours that missed the first announcement hear the next; then once a minute, for those that came later.
            "vrrp_garp_master_delay 1", "vrrp_garp_master_repeat 2", "vrrp_garp_master_refresh 60",
            "vrrp_garp_master_refresh_repeat 1", "vrrp_garp_lower_prio_repeat 1", "vrrp_higher_prio_send_advert true",
        ]
    }

    fileprivate static func indented(_ lines: [String]) -> [String] { lines.map { "    " + $0 } }
}

extension KeepalivedConfiguration.Instance {
    fileprivate var lines: [String] {
        var lines = [
            "state BACKUP", "interface \(interface)", "virtual_router_id \(routerID)", "priority \(priority)",
        ]
        lines += protocolVersion.lines
        // From a neighbour of the same link, and no router's packet; left to itself, keepalived sends IPv6 with 64. Without a
        // peer there is no unicast.
        lines += peers.isEmpty ? ["mcast_src_ip \(source)"] : ["unicast_src_ip \(source)", "unicast_ttl 255"]
        let peers = peers.map { "\($0) min_ttl 255 max_ttl 255" }
        if !peers.isEmpty { lines += ["unicast_peer {"] + KeepalivedConfiguration.indented(peers) + ["}"] }
        if preemptDelay > 0 { lines.append("preempt_delay \(preemptDelay)") }
        if addressInterface != interface {
            lines += ["track_interface {"] + KeepalivedConfiguration.indented([addressInterface.text]) + ["}"]
        }
        if let trackFile {
            lines += ["track_file {"] + KeepalivedConfiguration.indented([trackFile.text]) + ["}"]
        }
        let place = "\(address)/\(address.family.bitWidth) dev \(addressInterface)"
        return lines + ["virtual_ipaddress {"] + KeepalivedConfiguration.indented([place]) + ["}"]
    }
}

extension KeepalivedConfiguration.ProtocolVersion {
    fileprivate var lines: [String] {
        switch self {
        case .three(let hundredths):
            let bounded = min(4_095, max(1, hundredths))
            let fraction = bounded % 100
            return ["version 3", "advert_int \(bounded / 100).\(fraction < 10 ? "0" : "")\(fraction)"]
        case .twoSigned(let seconds, let key):
            let authentication = ["auth_type AH", "auth_pass \(key.text)"]
            return ["version 2", "advert_int \(min(255, max(1, seconds)))", "authentication {"]
                + KeepalivedConfiguration.indented(authentication) + ["}"]
        }
    }
}

extension KeepalivedConfiguration {
    /// An address that a file of ours names, and its interface.
    package struct Place: Hashable, Sendable {
        package let address: IPAddress
        package let interface: String
    }

    /// The addresses of a file that `text` wrote: what a keepalived that was killed may have left behind.
    package static func addresses(in text: String) -> [Place] {
        text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count == 3, words[1] == "dev", let slash = words[0].firstIndex(of: "/"),
                let address = IPAddress(words[0][..<slash])
            else { return nil }
            return Place(address: address, interface: String(words[2]))
        }
    }
}
