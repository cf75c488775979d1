import ClusterAPI
import NetworkTypes
package import NodeAgent
package import NodeModel
package import Synchronization

/// A datapath that remembers what it was asked, and refuses what it is told to refuse.
package final class FakeDatapath: DatapathPort {
    package struct State {
        package var network: NodeNetwork?
        package var attached: [String: PodAttachment] = [:]
        package var adopted: [PodAttachment] = []
        package var refusal: AttachmentError?
        package var isReady = true
        package var faults: [String] = []
    }

    package let state = Mutex(State())

    package init(subnets: [String] = ["10.128.0.0/24", "fd01::/120"]) {
        state.withLock {
            $0.network = NodeNetwork(
                name: "n1", hostAddresses: [IPAddress(v4: 0xAC1E_0001)], subnets: subnets.compactMap { CIDR($0) },
                podMTU: 1450)
        }
    }

    package var nodeNetwork: NodeNetwork? { state.withLock { $0.network } }

    package func attach(_ attachment: PodAttachment) async throws(AttachmentError) {
        let refusal = state.withLock { state in
            if state.refusal == nil { state.attached[attachment.interface] = attachment }
            return state.refusal
        }
        if let refusal { throw refusal }
    }

    package func faults(of attachment: PodAttachment) async throws(AttachmentError) -> [String] {
        try await attach(attachment)
        return state.withLock { $0.faults }
    }

    package func detach(_ attachment: PodAttachment) async throws(AttachmentError) {
        state.withLock { $0.attached[attachment.interface] = nil }
    }

    package func adopt(_ attachments: [PodAttachment]) async { state.withLock { $0.adopted = attachments } }

    package func status() async -> AgentStatus {
        var status = AgentStatus(node: "n1")
        status.isReady = state.withLock { $0.isReady }
        status.reason = status.isReady ? nil : "caches are not in sync"
        return status
    }
}
