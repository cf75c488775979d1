import ClusterAPI
import Foundation
import InstallationCompiler
import InstallationModel
import ManifestFiles
import Testing
import YAML

@testable import CommandLineTool

/// What `gabion install` prints, and what the repository has of it.
@Suite("manifests of an installation")
struct InstallManifestTests {
    static let deploy = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../deploy")

    static func file(_ path: String) throws -> String {
        try String(contentsOf: deploy.appending(path: path), encoding: .utf8)
    }

    /// Those of the example, with one change to it.
    static func manifests(_ change: (inout JSONValue) -> Void = { _ in }) throws -> InstallationManifests {
        let text = try file("installation.yaml")
        let object = try #require(try ManifestReader.parse(Data(text.utf8), file: "installation.yaml").first)
        var document = object.value
        change(&document)
        let outcome = InstallationConfiguration.read(document, version: GabionVersion.text)
        guard case .valid(let configuration) = outcome else {
            Issue.record("\(outcome)")
            throw CancellationError()
        }
        return InstallationManifests(
            configuration, document: document, definitions: try InstallationFile.definitions())
    }

    @Test("deploy/install.yaml is what gabion install --dry-run -f deploy/installation.yaml prints")
    func golden() throws {
        let manifests = try Self.manifests()
        #expect(YAMLRenderer.render(manifests.all.map(\.document)) == (try Self.file("install.yaml")))
    }

    @Test("deploy/rbac/gabion.yaml is what the same with --part rights prints")
    func rights() throws {
        let manifests = try Self.manifests()
        #expect(
            YAMLRenderer.render(manifests.manifests(.rights).map(\.document)) == (try Self.file("rbac/gabion.yaml")))
    }

    @Test("deploy/rbac/failover.yaml is what failover adds to them")
    func failoverRights() throws {
        let more = try Self.withFailover().manifests(.rights)
        let added = more.filter { $0.name == "gabion-failover" }
        #expect(YAMLRenderer.render(added.map(\.document)) == (try Self.file("rbac/failover.yaml")))
        #expect(more.filter { $0.name != "gabion-failover" } == (try Self.manifests().manifests(.rights)))
    }

    @Test("the program has the definitions of deploy/crds, all of them, byte by byte")
    func definitions() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.deploy.appending(path: "crds").path)
        #expect(InstallationFiles.definitions.map(\.name) == names.filter { $0.hasSuffix(".yaml") }.sorted())
        for (name, text) in InstallationFiles.definitions {
            #expect(String(decoding: text, as: UTF8.self) == (try Self.file("crds/\(name)")), "\(name)")
        }
        #expect(String(decoding: InstallationFiles.example, as: UTF8.self) == (try Self.file("installation.yaml")))
    }

    @Test("what is printed reads back as what is applied, and is applied once")
    func readsBack() throws {
        let manifests = try Self.manifests().all
        let text = YAMLRenderer.render(manifests.map(\.document))
        let read = try ManifestReader.parse(Data(text.utf8), file: "install.yaml").map(\.value)
        #expect(read == manifests.map(\.object))
        #expect(Set(manifests.map(\.title)).count == manifests.count)
    }

    @Test("failover has an image and a pace of its own, is there when asked for, and cleaned up by the other image")
    func failover() throws {
        #expect(try !Self.manifests().all.contains { $0.name == "gabion-failover" })
        let manifests = try Self.withFailover { $0["agent"] = ["maxUnavailable": "100%"] }
        let images = manifests.all.filter { $0.kind == "DaemonSet" }.map { manifest in
            (manifest.name, Self.pods(manifest)?["containers"]?.array?.compactMap { $0["image"]?.string } ?? [])
        }
        for (name, found) in images {
            let own = name == "gabion-failover" ? "gabion.io/gabion-failover:0.1.0" : "gabion.io/gabion:0.1.0"
            #expect(found == [own], "\(name)")
        }
        let pods = try #require(manifests.manifests(.nodes).first { $0.name == "gabion-failover" })
        #expect(pods.object["spec"]?["updateStrategy"]?["rollingUpdate"]?["maxUnavailable"] == 1)
        let steps = Self.pods(manifests.cleanup)?["initContainers"]?.array ?? []
        #expect(steps.contains { $0["command"] == ["gabion", "failover", "--cleanup"] })
        #expect(Set(steps.map { $0["image"]?.string }) == ["gabion.io/gabion:0.1.0"])
    }

    /// Those of the example with failover besides.
    private static func withFailover(_ change: (inout JSONValue) -> Void = { _ in }) throws -> InstallationManifests {
        try manifests { document in
            document["components"] = ["names", "egress", "dns", "failover"]
            change(&document)
        }
    }

    @Test("kinds come before objects of them, accounts before who uses them, the controller before the nodes")
    func order() throws {
        let kinds = try Self.manifests().all.map(\.kind)
        func first(_ kind: String) throws -> Int { try #require(kinds.firstIndex(of: kind)) }
        #expect(try first("CustomResourceDefinition") < first("ClusterNetwork"))
        #expect(try first("Namespace") < first("ServiceAccount"))
        #expect(try first("ClusterRoleBinding") < first("Deployment"))
        #expect(try first("ClusterNetwork") < first("Deployment"))
        #expect(try first("Deployment") < first("DaemonSet"))
    }

    @Test("what is left out is not there, and neither are its rights")
    func components() throws {
        let names = try Self.manifests { document in
            document["components"] = []
            document["dns"] = nil
        }.all.map(\.name)
        for absent in ["gabion-egress", "gabion-names", "gabion-dns", "kube-dns", "gabion-failover"] {
            #expect(!names.contains(absent))
        }
        for present in ["gabion-agent", "gabion-controller"] { #expect(names.contains(present)) }
    }

    @Test("an account may do what its part does, and nobody may do everything")
    func leastRights() throws {
        let all = try Self.withFailover().all
        for manifest in all {
            for rule in manifest.object["rules"]?.array ?? [] {
                let words = ["apiGroups", "resources", "verbs"].flatMap { rule[$0]?.array ?? [] }
                #expect(!words.contains("*"), "\(manifest.title)")
                #expect(rule["resources"]?.array?.contains("secrets") == false, "\(manifest.title)")
            }
        }
        let keys = try Self.withFailover { $0["failover"] = ["secrets": ["gabion-failover-edge"]] }.manifests(.rights)
        let reading = keys.filter { manifest in
            manifest.object["rules"]?.array?.contains { $0["resources"]?.array?.contains("secrets") == true } == true
        }
        #expect(reading.map(\.title) == ["Role kube-system/gabion-failover"])
        let rule: JSONValue = [
            "apiGroups": [""], "resources": ["secrets"], "verbs": ["get"], "resourceNames": ["gabion-failover-edge"],
        ]
        #expect(reading.first?.object["rules"] == [rule])
        let accounts = Set(all.compactMap { Self.pods($0)?["serviceAccountName"]?.string })
        #expect(
            accounts == ["gabion-agent", "gabion-controller", "gabion-egress", "gabion-dns", "gabion-failover"])
    }

    @Test("only what writes kernel settings is privileged; who asks nobody has no account")
    func powers() throws {
        var privileged: [String] = []
        for manifest in try Self.withFailover().all {
            guard let pods = Self.pods(manifest) else { continue }
            #expect(pods["automountServiceAccountToken"]?.bool == (pods["serviceAccountName"] != nil))
            for container in pods["containers"]?.array ?? [] {
                let context = container["securityContext"]
                #expect(context?["readOnlyRootFilesystem"] == true, "\(manifest.title)")
                if context?["privileged"] == true {
                    privileged.append(manifest.name)
                } else {
                    #expect(context?["capabilities"]?["drop"] == ["ALL"], "\(manifest.title)")
                }
            }
        }
        #expect(privileged == ["gabion-agent", "gabion-names"])
    }

    private static func pods(_ manifest: Manifest) -> JSONValue? { manifest.object["spec"]?["template"]?["spec"] }
}
