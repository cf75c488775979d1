import Foundation
import ManifestFiles
import Testing

@testable import CommandLineTool

/// Fields that no API knows, in what decides who may talk to whom.
@Suite struct UnknownFieldTests {
    private static func objects(_ text: String) throws -> [ManifestObject] {
        try ManifestReader.parse(Data(text.utf8), file: "p.yaml")
    }

    /// A policy of each kind with a field that its type does not have.
    private static let misspelt: [(text: String, field: String)] = [
        (
            """
            apiVersion: policy.networking.k8s.io/v1alpha2
            kind: ClusterNetworkPolicy
            metadata: {name: p}
            spec: {tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: Accept, from: [{namespaces: {}}], ports: [{portNumber: {port: 80}}]}]}
            """, "spec.ingress[0].ports"
        ),
        (
            """
            apiVersion: policy.networking.k8s.io/v1alpha1
            kind: AdminNetworkPolicy
            metadata: {name: p}
            spec: {priority: 1, subject: {namespaces: {}}, egress: [{action: Allow, to: [{namespaces: {}}], protocols: []}]}
            """, "spec.egress[0].protocols"
        ),
        (
            """
            apiVersion: policy.networking.k8s.io/v1alpha1
            kind: BaselineAdminNetworkPolicy
            metadata: {name: default}
            spec: {subject: {namespaces: {}}, ingres: []}
            """, "spec.ingres"
        ),
        (
            """
            apiVersion: network.openshift.io/v1
            kind: ClusterNetwork
            metadata: {name: default}
            clusterNetworks: []
            pluginNam: multitenant
            """, "pluginNam"
        ),
    ]

    @Test("a field that the API would drop is told for every kind that has a say", arguments: misspelt.indices)
    func unknownFields(index: Int) throws {
        let (text, field) = Self.misspelt[index]
        let found = try ClusterInput(Self.objects(text)).warnings.filter { $0.contains("unknown field") }
        #expect(found.count == 1 && found[0].contains(": \(field): unknown field; there are: "), "\(found)")
    }
}
