import AddressAllocation
import ClusterAPI
import InstallationCompiler
import InstallationModel
import KubernetesClient

/// Keeps an installation from taking away the ranges that nodes and pods have addresses of.
enum NetworkGuard {
    static func check(_ manifests: InstallationManifests, _ client: KubernetesClient) async throws {
        let present: ClusterNetwork
        do {
            present = try await client.get(ClusterNetwork.self, "default")
        } catch let error where error.apiFailure?.isNotFound == true {
            return
        }
        let wanted = manifests.configuration.network.pods.map { "\($0.cidr) with hostSubnetLength \($0.hostBits)" }
        for entry in present.entries {
            let text = "\(entry.cidr) with hostSubnetLength \(entry.hostSubnetLength)"
            guard !wanted.contains(text) else { continue }
            throw CommandFailure(
                "network.pods has no \(text), out of which this cluster's nodes have their subnets; nothing was changed",
                remedy: "Keep it, and add others behind it. To change it, drain all nodes and uninstall with "
                    + "--definitions first.")
        }
    }
}
