import APIMachinery
import ClusterAPI
import NetworkTypes

/// Which addresses a node may claim, for its pods and for itself.
///
/// Every other node believes what the API says: who claims the address of another node's pod gets what policies allow that
/// pod, and takes it out of them.
struct NodeAddressClaims {
    let node: String
    let view: StoreView
    /// All objects of a kind, earlier writes of the same batch included: of two nodes that claim one address at once, the
    /// second must see the first.
    let objects: (_ resource: String) -> [StoredObject]

    private static let hostSubnets = "hostsubnets.network.openshift.io"
    private static let clusterNetworks = "clusternetworks.network.openshift.io"

    /// 403 when `after` claims an address that `before` did not, and that is not the node's.
    func check(
        _ after: JSONValue, replacing before: JSONValue?, _ key: StoreKey, _ resource: ResourceDescriptor
    ) throws {
        let claimed: [IPAddress]
        let foreign: (IPAddress) throws -> String?
        switch key.resource {
        case "pods": (claimed, foreign) = (Self.podAddresses(after), reasonAgainstPod)
        case "nodes": (claimed, foreign) = (Self.nodeAddresses(after), reasonAgainstNode)
        default: return
        }
        let known = before.map { Set(Self.podAddresses($0) + Self.nodeAddresses($0)) } ?? []
        for address in claimed where !known.contains(address) {
            guard let reason = try foreign(address) else { continue }
            throw APIStatus.forbidden(
                resource, name: key.name, why: "node \"\(node)\" is not allowed to claim \(address): \(reason)")
        }
    }

    /// A pod's address is of its node's subnet, or the node's own.
    private func reasonAgainstPod(_ address: IPAddress) throws -> String? {
        let subnet = try view[StoreKey(resource: Self.hostSubnets, namespace: "", name: node)]?.document
        if Self.ranges(["subnet", "subnets"], of: subnet).contains(where: { $0.contains(address) }) { return nil }
        let own = try view[StoreKey(resource: "nodes", namespace: "", name: node)]?.document
        if let own, Self.nodeAddresses(own).contains(address) { return nil }
        return "it is neither in the HostSubnet of the node nor an address of its Node"
    }

    private func reasonAgainstNode(_ address: IPAddress) throws -> String? {
        for network in objects(Self.clusterNetworks) {
            let ranges = Self.clusterRanges(of: try network.document)
            if let range = ranges.first(where: { $0.contains(address) }) { return "\(range) is for pods and services" }
        }
        for other in objects("nodes") where other.key.name != node {
            if Self.nodeAddresses(try other.document).contains(address) { return "it is node \"\(other.key.name)\"'s" }
        }
        return nil
    }

    /// The ranges of pods and services that a ClusterNetwork names.
    static func clusterRanges(of network: JSONValue) -> [CIDR] {
        let entries = (network["clusterNetworks"]?.array ?? []).compactMap { $0["CIDR"]?.string }
        return entries.compactMap { CIDR($0) } + ranges(["network", "serviceNetwork"], of: network)
    }

    private static func podAddresses(_ pod: JSONValue) -> [IPAddress] {
        let status = pod["status"]
        let texts = [status?["podIP"]?.string] + (status?["podIPs"]?.array ?? []).map { $0["ip"]?.string }
        return texts.compactMap(\.self).compactMap { IPAddress($0) }
    }

    private static func nodeAddresses(_ node: JSONValue) -> [IPAddress] {
        (node["status"]?["addresses"]?.array ?? []).compactMap { $0["address"]?.string }.compactMap { IPAddress($0) }
    }

    /// The ranges in some members, which hold a text or several.
    private static func ranges(_ members: [String], of document: JSONValue?) -> [CIDR] {
        members.flatMap { member -> [JSONValue] in
            document?[member]?.array ?? document?[member].map { [$0] } ?? []
        }.compactMap(\.string).flatMap { $0.split(separator: ",") }.compactMap { CIDR($0.drop { $0 == " " }) }
    }
}
