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

    /// A pod that ends takes its word back; one that is killed cannot, and others do it.
    func leave() async {
        guard isThere == true else { return }
        do {
            try await write(nil)
        } catch {
            logger.warning("the pod is still in the gateway's status", metadata: ["error": "\(error)"])
        }
    }

    /// Again, when another pod was faster.
    private func write(_ own: EgressGatewayPod?) async throws {
        let key = identity.gateway
        for _ in 0..<5 {
            let present = try await client.get(EgressGateway.self, key.name, in: key.namespace)
            var pods = try await living((present.status?.gateways ?? []).filter { $0.pod != identity.pod })
            if let own { pods.append(own) }
            pods.sort { $0.pod < $1.pod }
            let status = EgressGatewayStatus(conditions: [Self.ready(pods, of: present)], gateways: pods)
            guard status != present.status else { return }
            let document: JSONValue = [
                "metadata": ["resourceVersion": .string(present.metadata.resourceVersion ?? "")],
                "status": [
                    "conditions": .array((status.conditions ?? []).map(\.document)),
                    "gateways": .array(pods.map(\.document)),
                ],
            ]
            do {
                try await client.patch(
                    EgressGateway.self, key.name, in: key.namespace, with: .merge(document), subresource: "status")
                return
            } catch  where error.apiFailure?.isConflict == true {
                continue
            }
        }
    }

    /// Those whose pods are there.
    private func living(_ pods: [EgressGatewayPod]) async throws -> [EgressGatewayPod] {
        var living: [EgressGatewayPod] = []
        for entry in pods {
            do {
                _ = try await client.get(Pod.self, entry.pod, in: identity.gateway.namespace)
                living.append(entry)
            } catch  where error.apiFailure?.isNotFound == true {
                continue
            }
        }
        return living
    }

    static func ready(_ pods: [EgressGatewayPod], of gateway: EgressGateway) -> ObjectCondition {
        let late = pods.filter { !$0.ready }
        let earlier = gateway.status?.conditions?.first { $0.type == "Ready" }
        let status = pods.isEmpty || !late.isEmpty ? "False" : "True"
        let message =
            pods.isEmpty
            ? "no pod serves the gateway"
            : late.isEmpty
                ? "every pod serves the gateway as it is written"
                : late.prefix(5).map { "pod \($0.pod): \($0.message ?? "not yet")" }.joined(separator: "; ")
        return ObjectCondition(
            type: "Ready", status: status, reason: status == "True" ? "Served" : pods.isEmpty ? "NoPods" : "NotServed",
            message: message, observedGeneration: gateway.metadata.generation,
            lastTransitionTime: earlier?.status == status ? earlier?.lastTransitionTime : Timestamp.now().seconds)
    }
}

extension EgressGatewayPod {
    fileprivate var document: JSONValue {
        var document: JSONValue = ["pod": .string(pod), "ready": .bool(ready)]
        if let since { document["since"] = .string(since) }
        if let message { document["message"] = .string(message) }
        return document
    }
}

extension ObjectCondition {
    fileprivate var document: JSONValue {
        var document: JSONValue = [
            "type": .string(type), "status": .string(status), "reason": .string(reason), "message": .string(message),
        ]
        if let observedGeneration { document["observedGeneration"] = .int(observedGeneration) }
        if let lastTransitionTime { document["lastTransitionTime"] = .string(lastTransitionTime) }
        return document
    }
}
