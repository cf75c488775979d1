import ClusterAPI
import KubernetesClient
import Logging

extension GatewayAgent {
    private var own: EgressGatewayPod {
        let isReady = problem == nil && readySince != nil
        return EgressGatewayPod(
            pod: identity.pod, ready: isReady, since: isReady ? readySince?.seconds : nil, message: problem)
    }

    /// True when the object says what there is to say.
    func report() async -> Bool {
        guard isThere == true else { return true }
        do {
            try await write(own)
            return true
        } catch  where error.apiFailure?.isNotFound == true {
            return true
        } catch {
            logger.debug("the status is not written", metadata: ["error": "\(error)"])
            return false
        }
    }

    /// A pod that ends takes its word back; one that is killed cannot, and the controller does it.
    func leave() async {
        guard isThere == true else { return }
        do {
            try await write(nil)
        } catch {
            logger.warning("the pod is still in the gateway's status", metadata: ["error": "\(error)"])
        }
    }

    /// Again, when another was faster.
    private func write(_ own: EgressGatewayPod?) async throws {
        let key = identity.gateway
        for _ in 0..<5 {
            let present = try await client.get(EgressGateway.self, key.name, in: key.namespace)
            var pods = (present.status?.gateways ?? []).filter { $0.pod != identity.pod }
            if let own { pods.append(own) }
            pods.sort { $0.pod < $1.pod }
            let status = EgressGatewayStatus(pods, of: present, at: .now())
            guard status != present.status else { return }
            do {
                try await client.patch(
                    EgressGateway.self, key.name, in: key.namespace, with: .merge(status.patch(over: present)),
                    subresource: "status")
                return
            } catch  where error.apiFailure?.isConflict == true {
                continue
            }
        }
    }
}
