import ArgumentParser
import ClusterAPI
import Lab
import ManifestFiles
import PolicyEvidence

/// `gabion policy suggest`: the least policies for what was seen.
struct PolicySuggestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suggest",
        abstract: "Suggest the least NetworkPolicies for what was seen.",
        usage: "gabion policy suggest --namespace <name> [--since <time>]",
        discussion: """
            One policy for each workload, with the evidence above every rule. Only flows
            that were allowed make rules; what a policy denied stays denied. Pods are
            grouped by their labels; single addresses outside become blocks of one, or
            a small block if many neighbours were seen.

              gabion policy suggest --namespace shop > suggested.yaml
              gabion policy diff --cluster suggested.yaml
              gabion policy apply -f suggested.yaml --guard

            Or from a file, with the pods that manifests or the flows themselves name:

              gabion policy suggest -n shop --flows flows.json -f manifests/

            Exit codes: 0 fine, 2 no flow was seen or it could not be done, 64 the
            command line is wrong.
            """)

    @Option(name: .shortAndLong, help: ArgumentHelp("The namespace to suggest policies for.", valueName: "name"))
    var namespace: String

    @OptionGroup var evidence: FlowEvidenceOptions

    @Option(
        name: [.customShort("f"), .customLong("filename")], parsing: .upToNextOption,
        help: ArgumentHelp(
            "Manifests that say which pods there are, instead of the cluster. May be repeated.", valueName: "path"),
        completion: .file())
    var paths: [String] = []

    @OptionGroup var cluster: ClusterOption

    @Option(name: .shortAndLong, help: ArgumentHelp("How to write the policies: yaml.", valueName: "format"))
    var output: SuggestionFormat = .yaml

    private var asksCluster: Bool { cluster.lab != nil || cluster.kubeconfig != nil || evidence.files.isEmpty }

    func validate() throws {
        if namespace.isEmpty { throw ValidationError("Name the namespace with --namespace.") }
        if (paths + evidence.files).filter({ $0 == "-" }).count > 1 {
            throw ValidationError("Standard input can be read once: give - once.")
        }
    }

    func run() async throws {
        let scene = try await scene()
        let report = try await evidence.report(cluster)
        let suggestion = PolicySuggestion(namespace: namespace, from: report.flows, in: scene)
        let remarks = report.gaps(in: []).map { "Flows may be missing: \($0)" } + report.losses
        let documents = SuggestionDocuments(suggestion, remarks: remarks)
        for remark in remarks + documents.notes { StandardError.write("warning: \(Terminal.printable(remark))") }
        guard suggestion.flows > 0 else {
            throw CommandFailure(
                "no allowed flow of namespace \(namespace) was seen",
                remedy: "Let its pods do their work, or look further back with --since; "
                    + "gabion flows --namespace \(namespace) shows what there is.")
        }
        StandardOutput.write(documents.text)
    }

    private func scene() async throws -> PolicySuggestion.Scene {
        if !paths.isEmpty { return try Self.scene(ManifestReader().read(paths)) }
        guard asksCluster else {
            StandardError.write(
                "warning: selectors tell apart only pods that were seen; name the others with -f, --lab or --kubeconfig"
            )
            return PolicySuggestion.Scene()
        }
        let snapshot = try await cluster.withClient { try await ClusterSnapshot.live($0) }
        guard snapshot.namespaces.contains(where: { $0.metadata.name == namespace }) else {
            throw CommandFailure("there is no namespace \(namespace)", remedy: "See gabion get namespaces.")
        }
        return PolicySuggestion.Scene(
            pods: snapshot.pods, namespaces: snapshot.namespaces, nodes: snapshot.nodes)
    }

    static func scene(_ objects: [ManifestObject]) throws -> PolicySuggestion.Scene {
        // Throws everything that is not what its kind demands.
        _ = try PolicyWorld(objects)
        var scene = PolicySuggestion.Scene()
        for object in objects {
            if object.isKind(of: Pod.self) {
                scene.pods.append(try object.decode(Pod.self))
            } else if object.isKind(of: Namespace.self) {
                scene.namespaces.append(try object.decode(Namespace.self))
            } else if object.isKind(of: Node.self) {
                scene.nodes.append(try object.decode(Node.self))
            }
        }
        scene.pods += WorkloadPods.pods(in: objects, besides: scene.pods)
        return scene
    }
}

enum SuggestionFormat: String, ExpressibleByArgument, CaseIterable {
    case yaml
}
