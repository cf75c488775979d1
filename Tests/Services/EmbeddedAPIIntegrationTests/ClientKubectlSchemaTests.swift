import ClusterAPI
import EmbeddedAPI
import TestSupport
import Testing

/// What people see of a schema with kubectl.
@Suite("kubectl and schemas of custom resources", .timeLimit(.minutes(2)))
struct ClientKubectlSchemaTests {
    private static let definition = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: gates.example.com}
        spec:
          group: example.com
          scope: Namespaced
          names: {plural: gates, singular: gate, kind: Gate}
          versions:
          - name: v1
            served: true
            storage: true
            schema:
              openAPIV3Schema:
                type: object
                properties:
                  spec:
                    type: object
                    required: [width]
                    properties:
                      width: {type: integer, minimum: 1}
                      open: {type: boolean, default: true}
        """

    private static func gate(_ spec: String) -> String {
        """
        apiVersion: example.com/v1
        kind: Gate
        metadata: {name: g, namespace: default}
        spec: \(spec)
        """
    }

    @Test("apply shows each fault, and defaults are there afterwards", arguments: ClientProgram.kubectls)
    func applies(_ program: ClientProgram) async throws {
        try await ServerFixture.with { fixture in
            let kubectl = try ClientKubectl(program, fixture)
            try await kubectl.apply(Self.definition)
            try await kubectl.run("wait", "--for=condition=Established", "crd/gates.example.com", "--timeout=10s")
            let bad = try kubectl.manifest(Self.gate("{width: 0, open: 'no'}"))
            let refused = try await kubectl.fail("apply", "--validate=false", "-f", bad)
            #expect(refused.contains("The Gate \"g\" is invalid"), "\(refused)")
            #expect(
                refused.contains(
                    "spec.width: Invalid value: 0: spec.width in body should be greater than or equal to 1"),
                "\(refused)")
            #expect(refused.contains(#"spec.open in body must be of type boolean: "string""#), "\(refused)")
            #expect(try await kubectl.apply(Self.gate("{width: 2}")).contains("created"))
            #expect(try await kubectl.value(".spec.open", of: "gate", "g") == "true")
            #expect(try await kubectl.apply(Self.gate("{width: 2}")).contains("unchanged"))
        }
    }

    @Test("a definition that is not structural is refused with the path", arguments: ClientProgram.kubectls)
    func refusesDefinitions(_ program: ClientProgram) async throws {
        try await ServerFixture.with { fixture in
            let kubectl = try ClientKubectl(program, fixture)
            let loose = try kubectl.manifest(Self.definition.replacing("width: {type: integer, ", with: "width: {"))
            let refused = try await kubectl.fail("apply", "-f", loose)
            #expect(
                refused.contains(
                    "spec.validation.openAPIV3Schema.properties[spec].properties[width].type: Required value: must not be empty for specified object fields"
                ), "\(refused)")
        }
    }
}
