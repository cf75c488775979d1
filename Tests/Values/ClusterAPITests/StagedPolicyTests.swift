import ClusterAPI
import Foundation
import Testing

/// Objects that wrap a policy, through JSON and back.
@Suite struct StagedPolicyTests {
    private func decode(_ spec: String) throws -> StagedPolicySpec {
        try JSONDecoder().decode(StagedPolicySpec.self, from: Data(spec.utf8))
    }

    static let policies: [(String, String, WrappedPolicy.Content)] = [
        ("networking.k8s.io/v1", "NetworkPolicy", .networkPolicy(nil)),
        ("extensions/v1beta1", "NetworkPolicy", .networkPolicy(nil)),
        ("policy.networking.k8s.io/v1alpha1", "AdminNetworkPolicy", .adminNetworkPolicy(nil)),
        ("policy.networking.k8s.io/v1alpha1", "BaselineAdminNetworkPolicy", .baselineAdminNetworkPolicy(nil)),
        ("policy.networking.k8s.io/v1alpha2", "ClusterNetworkPolicy", .clusterNetworkPolicy(nil)),
        ("gabion.io/v1", "Zone", .zone(nil)), ("gabion.io/v1", "MetadataAccess", .metadataAccess(nil)),
    ]

    @Test("every kind of policy can be wrapped, named or not, and is set unless said otherwise", arguments: policies)
    func kinds(_ version: String, _ kind: String, _ content: WrappedPolicy.Content) throws {
        let spec = try decode(#"{"policy":{"apiVersion":"\#(version)","kind":"\#(kind)"}}"#)
        #expect(spec.action == .set && spec.policy.content == content && spec.policy.metadata == ObjectMeta())
        let again = try JSONDecoder().decode(StagedPolicySpec.self, from: JSONEncoder().encode(spec))
        #expect(again == spec)
    }

    @Test("the whole manifest comes back")
    func whole() throws {
        let spec = try decode(
            #"""
            {"policy":{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"a"},
             "spec":{"podSelector":{},"ingress":[{"ports":[{"port":80}]}]}}}
            """#)
        let wanted = NetworkPolicySpec(
            podSelector: LabelSelector(), ingress: [.init(ports: [.init(port: .int(80))])])
        #expect(spec.policy == WrappedPolicy(metadata: ObjectMeta(name: "a"), content: .networkPolicy(wanted)))
        #expect(try JSONDecoder().decode(StagedPolicySpec.self, from: JSONEncoder().encode(spec)) == spec)
    }

    @Test(
        "what cannot be tried cannot be read",
        arguments: [
            "{}", #"{"policy":{"apiVersion":"v1","kind":"Pod"}}"#, #"{"policy":{"kind":"NetworkPolicy"}}"#,
            #"{"action":"Try","policy":{"apiVersion":"gabion.io/v1","kind":"Zone"}}"#,
            #"{"policy":{"apiVersion":"gabion.io/v1","kind":"Zone","spec":{"order":"first"}}}"#,
        ])
    func unreadable(_ text: String) {
        #expect(throws: DecodingError.self) { try decode(text) }
    }

    @Test("of a policy that is thought away the rest is not read")
    func deleted() throws {
        let spec = try decode(
            #"{"action":"Delete","policy":{"apiVersion":"gabion.io/v1","kind":"Zone","metadata":{"name":"a"},"spec":3}}"#
        )
        #expect(spec.action == .delete && spec.policy.content == .zone(nil) && spec.policy.metadata.name == "a")
    }
}
