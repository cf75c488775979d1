import ClusterAPI
import EmbeddedAPI
import Foundation
import LinuxSystem
import TestSupport
import Testing

/// A kubectl with a kubeconfig of a test's server and a cache of its own.
struct ClientKubectl: Sendable {
    let program: ClientProgram
    let fixture: ServerFixture
    private let directory: TemporaryDirectory
    private let kubeconfig: String

    /// As the administrator, or as another identity.
    init(_ program: ClientProgram, _ fixture: ServerFixture, as identity: Identity? = nil) throws {
        self.program = program
        self.fixture = fixture
        directory = try TemporaryDirectory()
        if let identity {
            let text = try Kubeconfig.issue(
                for: identity, dataDirectory: fixture.directory, server: fixture.endpoints.url)
            kubeconfig = try directory.write(text.text, to: "kubeconfig")
        } else {
            kubeconfig = fixture.endpoints.kubeconfigPath
        }
    }

    private func arguments(_ words: [String]) -> [String] {
        ["--kubeconfig", kubeconfig, "--cache-dir", directory.file("cache")] + words
    }

    /// Runs whatever the outcome.
    func attempt(_ words: String..., environment: [String: String] = [:]) async throws -> ClientProgram.Outcome {
        try await program.run(arguments(words), environment: environment)
    }

    func attempt(_ words: [String]) async throws -> ClientProgram.Outcome { try await program.run(arguments(words)) }

    /// Runs what must succeed, and returns what it printed.
    @discardableResult
    func run(_ words: String..., environment: [String: String] = [:]) async throws -> String {
        try succeeded(try await program.run(arguments(words), environment: environment), words)
    }

    /// Runs what must fail, and returns what it said.
    func fail(_ words: String...) async throws -> String {
        let outcome = try await program.run(arguments(words))
        guard !outcome.isSuccess else {
            throw ClientFailure(description: "kubectl \(words) must fail, and printed\n\(outcome.text)")
        }
        return outcome.text
    }

    private func succeeded(_ outcome: ClientProgram.Outcome, _ words: [String]) throws -> String {
        guard outcome.isSuccess else {
            throw ClientFailure(description: "kubectl \(words): exit code \(outcome.code)\n\(outcome.text)")
        }
        return outcome.text
    }

    /// The file of a manifest.
    func manifest(_ text: String) throws -> String {
        try directory.write(text, to: "\(UniqueName.next()).yaml")
    }

    /// `kubectl apply` of a manifest.
    @discardableResult
    func apply(_ text: String) async throws -> String { try await run("apply", "-f", try manifest(text)) }

    /// `kubectl wait --for=delete`, which older releases refuse for what is gone already.
    func waitUntilGone(_ object: String) async throws {
        let words = ["wait", "--for=delete", object, "--timeout=10s"]
        let outcome = try await program.run(arguments(words))
        guard ["not found", "no matching resources found"].contains(where: outcome.text.contains) else {
            _ = try succeeded(outcome, words)
            return
        }
    }

    /// What one JSONPath of an object shows.
    func value(_ path: String, of words: String...) async throws -> String {
        let all = ["get"] + words + ["-o", "jsonpath={\(path)}"]
        return try succeeded(try await program.run(arguments(all)), all)
    }

    /// Runs a command that does not end by itself; `body` gets a function that waits until it has printed a text.
    func following(
        _ words: String..., body: (_ shows: (String) async throws -> Void) async throws -> Void
    ) async throws {
        let output = directory.file(UniqueName.next())
        let process = try program.start(arguments(words), output: output)
        do {
            try await body { text in try await Self.wait(for: text, in: output) }
        } catch {
            try await process.end(grace: .zero)
            throw error
        }
        try await process.end(grace: .zero)
    }

    private static func wait(for text: String, in file: String) async throws {
        var shown = ""
        do {
            try await eventually("\"\(text)\" appears", within: .seconds(15)) {
                shown = try ClientProgram.read(file)
                return shown.contains(text)
            }
        } catch let late as NotInTime {
            throw ClientFailure(description: "\(late) in\n\(shown)")
        }
    }
}

/// Manifests as people write them.
enum ClientManifests {
    static let policy = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: green, namespace: default}
        spec:
          podSelector: {matchLabels: {color: green}}
          ingress:
          - from: [{podSelector: {matchLabels: {color: gray}}}]
            ports: [{port: 8080, protocol: TCP}]
        """

    static func pod(_ name: String, labels: String = "color: green", namespace: String = "default") -> String {
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: \(name), namespace: \(namespace), labels: {\(labels)}}
        spec:
          containers:
          - name: web
            image: nginx:1
            ports: [{containerPort: 80, name: http}]
        """
    }

    static let definition = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: widgets.example.com}
        spec:
          group: example.com
          scope: Namespaced
          names: {plural: widgets, singular: widget, kind: Widget, shortNames: [wd]}
          versions:
          - name: v1
            served: true
            storage: true
            subresources: {status: {}}
            additionalPrinterColumns: [{name: Size, type: integer, jsonPath: .spec.size}]
            schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
        """

    static func widget(_ size: Int) -> String {
        """
        apiVersion: example.com/v1
        kind: Widget
        metadata: {name: big, namespace: default}
        spec: {size: \(size), parts: [a, b]}
        """
    }
}
