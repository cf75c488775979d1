import ArgumentParser
import ClusterAPI
import Foundation
import InstallationCompiler
import InstallationModel
import ManifestFiles

/// The configuration of an installation, from a file that a person wrote.
struct InstallationFile: ParsableArguments {
    @Option(
        name: [.customShort("f"), .customLong("filename")],
        help: ArgumentHelp("The configuration of the installation; - for standard input.", valueName: "file"),
        completion: .file())
    var path: String?

    /// - Throws: every fault of the file with its line; nothing has been asked or changed by then.
    func manifests() throws -> InstallationManifests {
        guard let path else {
            throw CommandFailure(
                "it is not said what to install: there is no -f FILE",
                remedy:
                    "Write one: gabion install --example > installation.yaml; the keys marked yours are to be filled in."
            )
        }
        let objects = try ManifestReader().read([path])
        guard let object = objects.first, objects.count == 1 else {
            throw CommandFailure("\(path): one Installation is needed, and \(objects.count) objects are there")
        }
        return try Self.manifests(object)
    }

    static func manifests(_ object: ManifestObject) throws -> InstallationManifests {
        guard object.kind == InstallationConfiguration.kind, object.apiVersion == InstallationConfiguration.apiVersion
        else {
            throw ManifestErrors([
                object.error(
                    at: [],
                    "must be kind \(InstallationConfiguration.kind) of apiVersion \(InstallationConfiguration.apiVersion)"
                )
            ])
        }
        switch InstallationConfiguration.read(object.value, version: GabionVersion.text) {
        case .faulty(let faults):
            throw ManifestErrors(
                faults.map { fault in
                    let steps = fault.path.map { step in Int(step).map(ManifestStep.index) ?? .field(step) }
                    return object.error(at: steps, "\(fault.problem). \(fault.remedy)")
                })
        case .valid(let configuration):
            return InstallationManifests(configuration, document: object.value, definitions: try definitions())
        }
    }

    /// What a cluster remembers of its installation.
    static func manifests(recorded text: String) throws -> InstallationManifests {
        guard let object = try ManifestReader.parse(Data(text.utf8), file: "the cluster's record").first else {
            throw CommandFailure("the cluster's record of the installation is empty", remedy: "Give the file with -f.")
        }
        return try manifests(object)
    }

    static func definitions() throws -> [JSONValue] {
        try InstallationFiles.definitions.flatMap { file in
            try ManifestReader.parse(Data(file.text), file: file.name).map(\.value)
        }
    }
}
