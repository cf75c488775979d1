/// What the gateway's pods say, each of itself.
package struct EgressGatewayStatus: Codable, Hashable, Sendable {
    package var conditions: [ObjectCondition]?
    package var gateways: [EgressGatewayPod]?

    package init(conditions: [ObjectCondition]? = nil, gateways: [EgressGatewayPod]? = nil) {
        self.conditions = conditions
        self.gateways = gateways
    }

    /// What pods say together: that the gateway is served when there are some, and all serve it as it is written.
    package init(_ pods: [EgressGatewayPod], of gateway: EgressGateway, at now: Timestamp) {
        let late = pods.filter { !$0.ready }.map { "pod \($0.pod): \($0.message ?? "not yet")" }
        let condition = ObjectCondition(
            "Ready", problems: pods.isEmpty ? ["no pod serves the gateway"] : late,
            reasons: ("Served", pods.isEmpty ? "NoPods" : "NotServed"),
            fine: "every pod serves the gateway as it is written", earlier: gateway.status?.conditions,
            generation: gateway.metadata.generation, at: now)
        self.init(conditions: [condition], gateways: pods)
    }

    /// As a merge patch has it, to be written over no other version of the object than the one that was read.
    package func patch(over gateway: EgressGateway) -> JSONValue {
        [
            "metadata": ["resourceVersion": .string(gateway.metadata.resourceVersion ?? "")],
            "status": [
                "conditions": .array((conditions ?? []).map(\.document)),
                "gateways": .array((gateways ?? []).map(\.document)),
            ],
        ]
    }
}

package struct EgressGatewayPod: Codable, Hashable, Sendable {
    package var pod: String
    /// Whether it serves what the object says now.
    package var ready: Bool
    package var since: String?
    /// Why not.
    package var message: String?

    package init(pod: String, ready: Bool, since: String? = nil, message: String? = nil) {
        self.pod = pod
        self.ready = ready
        self.since = since
        self.message = message
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
