import ClusterAPI
import Testing

@testable import GatewayAgent

@Suite("What a gateway's pod says")
struct GatewayAgentTests {
    @Test("Envoy's counters are told by port and protocol, and no others")
    func metrics() {
        let counters: [String: UInt64] = [
            "tcp.tcp-443.downstream_cx_total": 3, "udp.udp-514.downstream_sess_total": 2,
            "http.tcp-3128.downstream_cx_total": 7, "http.tcp-3128.rbac.denied": 5,
            "http.tcp-3128.rbac.allowed": 2, "http.admin.downstream_cx_total": 99, "tcp.tcp-443.idle_timeout": 1,
            "http.tcp-3128.downstream_rq_5xx": 6, "cluster.tcp-443.upstream_cx_none_healthy": 1,
            "cluster.tcp-443.upstream_cx_connect_attempts_exceeded": 2,
            "cluster.requested.upstream_cx_none_healthy": 9,
            "listener.10.0.0.1_443.downstream_global_cx_overflow": 8,
            "listener.10.0.0.1_3128.downstream_global_cx_overflow": 1,
        ]
        let text = GatewayMetrics(counters: counters, isReady: true, restarts: 4).text
        let lines = Set(text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init))
        #expect(
            lines == [
                "gabion_gateway_ready 1", "gabion_gateway_restarts_total 4", "gabion_gateway_refused_total 9",
                #"gabion_gateway_connections_total{port="443",protocol="TCP"} 3"#,
                #"gabion_gateway_connections_total{port="514",protocol="UDP"} 2"#,
                #"gabion_gateway_connections_total{port="3128",protocol="TCP"} 7"#,
                #"gabion_gateway_connect_denied_total{port="3128",protocol="TCP"} 5"#,
                #"gabion_gateway_failed_total{port="443",protocol="TCP"} 3"#,
                #"gabion_gateway_failed_total{port="3128",protocol="TCP"} 6"#,
            ])
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let pods: [EgressGatewayPod]
        let status: String
        let message: String
    }

    static let cases = [
        Case(testDescription: "no pod", pods: [], status: "False", message: "no pod serves the gateway"),
        Case(
            testDescription: "all serve", pods: [EgressGatewayPod(pod: "a", ready: true)], status: "True",
            message: "every pod serves the gateway as it is written"),
        Case(
            testDescription: "one does not",
            pods: [EgressGatewayPod(pod: "a", ready: true), EgressGatewayPod(pod: "b", ready: false, message: "no")],
            status: "False", message: "pod b: no"),
    ]

    @Test("a gateway is ready when all of its pods serve it", arguments: cases)
    func ready(example: Case) throws {
        var gateway = EgressGateway(ObjectKey(namespace: "shop", name: "bank"), spec: nil)
        gateway.metadata.generation = 7
        gateway.status = EgressGatewayStatus(conditions: [
            ObjectCondition(
                type: "Ready", status: "True", reason: "Served", message: "", lastTransitionTime: "2026-11-27T20:00:00Z"
            )
        ])
        let now = Timestamp(microsecondsSince1970: 1_800_000_000_000_000)
        let status = EgressGatewayStatus(example.pods, of: gateway, at: now)
        let condition = try #require(status.conditions?.first)
        #expect(condition.status == example.status && condition.message == example.message)
        #expect(condition.observedGeneration == 7)
        #expect((condition.lastTransitionTime == "2026-11-27T20:00:00Z") == (example.status == "True"))
    }
}
