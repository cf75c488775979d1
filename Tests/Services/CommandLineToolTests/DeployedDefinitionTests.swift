import APIMachinery
import ClusterAPI
import Foundation
import ManifestFiles
import Testing

/// The definitions that we install into clusters of Kubernetes.
@Suite struct DeployedDefinitionTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "../../../deploy/crds")

    static let files: [String] = {
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        return (names ?? []).filter { $0.hasSuffix(".yaml") }.sorted()
    }()

    private func definition(_ file: String) throws -> JSONValue {
        let data = try Data(contentsOf: Self.folder.appending(path: file))
        return try #require(try ManifestReader.parse(data, file: file).first).value
    }

    /// Those of OpenShift SDN that the agent waits for: clusters that are no OpenShift have them not.
    private static let openShift = ["ClusterNetwork", "HostSubnet", "NetNamespace"]

    @Test("there are as many as built-in kinds of ours, and those of OpenShift that we cannot do without")
    func complete() throws {
        let kinds = try Self.files.map { try definition($0)["spec"]?["names"]?["kind"]?.string ?? "" }
        let ours = ResourceDescriptor.builtIn.filter { $0.storage.group == "gabion.io" }.map(\.kind)
        #expect(kinds.sorted() == (ours + Self.openShift).sorted())
    }

    @Test("every definition is structural and valid, its defaults too", arguments: files)
    func valid(file: String) throws {
        let writer = ObjectWrite(
            resource: try #require(ResourceDescriptor.builtIn.first { $0.kind == "CustomResourceDefinition" }),
            version: GroupVersion(group: "apiextensions.k8s.io", version: "v1"), namespace: nil,
            fieldValidation: .strict, now: APITime(seconds: 0))
        _ = try writer.create(try definition(file), uid: "u", nameSuffix: "")
    }
}
