import CNISpec
import NetworkTypes
import NodeModel
import RoutingDriver

extension AttachmentRecord {
    /// What ADD answers: both ends of the pair, the pod's addresses, and its default routes.
    var result: CNIResult {
        let gateways = attachment.addresses.map { PodInterface.gateway($0.family).description }
        return CNIResult(
            interfaces: [
                .init(name: attachment.interface, mac: PodInterface.gatewayMAC.description, mtu: mtu),
                .init(name: key.interfaceName, mac: attachment.mac.description, mtu: mtu, sandbox: namespacePath),
            ],
            ips: zip(attachment.addresses, gateways).map { address, gateway in
                .init(address: CIDR(host: address).description, gateway: gateway, interface: 1)
            },
            routes: zip(attachment.addresses, gateways).map { address, gateway in
                .init(dst: CIDR.everything(address.family).description, gw: gateway)
            })
    }

    /// What of ours is missing from a `prevResult`, in words.
    ///
    /// Others in the chain may have added to it.
    func differences(from previous: CNIResult) -> [String] {
        let addresses = Set((previous.ips ?? []).compactMap { CIDR($0.address)?.address })
        let missing = attachment.addresses.filter { !addresses.contains($0) }
        var differences = missing.map { "prevResult lacks the address \($0)" }
        let inside = (previous.interfaces ?? []).filter { $0.sandbox?.isEmpty == false }.map(\.name)
        if !inside.contains(key.interfaceName) {
            differences.append("prevResult lacks the interface \(key.interfaceName)")
        }
        return differences
    }
}
