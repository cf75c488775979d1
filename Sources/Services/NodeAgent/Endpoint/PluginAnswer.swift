package import CNISpec
import Foundation

/// One request of the plugin, from its text to the text of the answer: the same for every transport.
package struct PluginAnswer: Sendable {
    private let service: AttachmentService

    package init(service: AttachmentService) { self.service = service }

    /// Never throws: what fails becomes an error document.
    package func respond(to request: PluginRequest) async -> PluginResponse {
        var version = SpecVersion.newest.rawValue
        do throws(PluginError) {
            let configuration = try Self.decode(request.configuration)
            version = configuration.cniVersion ?? version
            return PluginResponse(exitCode: 0, output: try await output(request.invocation, configuration))
        } catch {
            return PluginResponse(exitCode: 1, output: Self.text(error.document(version: version)))
        }
    }

    private func output(
        _ invocation: Invocation, _ configuration: NetworkConfiguration
    ) async throws(PluginError) -> String {
        let version = try configuration.version(for: invocation.command)
        try configuration.checkName()
        let network = configuration.name ?? ""
        let key = AttachmentKey(invocation, network: network)
        switch invocation.command {
        case .add:
            let result = try await service.add(invocation, configuration, network: network)
            let whole = configuration.prevResult.map(result.appended(to:)) ?? result
            return Self.text(whole.converted(to: version))
        case .del: try await service.delete(key)
        case .check: try await service.check(key, previous: configuration.prevResult)
        case .status: try await service.status()
        case .gc:
            guard let valid = configuration.validAttachments else {
                throw PluginError(
                    .invalidConfiguration, "GC without cni.dev/valid-attachments",
                    details: "an absent list would remove every pod's network; an empty one says so explicitly")
            }
            try await service.collect(network: network, valid: valid)
        case .version: return Self.text(VersionInfo(asked: configuration.cniVersion))
        }
        return ""
    }

    private static func decode(_ text: String) throws(PluginError) -> NetworkConfiguration {
        do {
            return try JSONDecoder().decode(NetworkConfiguration.self, from: Data(text.utf8))
        } catch {
            throw PluginError(.decodingFailure, "the network configuration is not valid", details: "\(error)")
        }
    }

    private static func text(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // These are structs of strings and numbers: encoding them cannot fail.
        guard let data = try? encoder.encode(value) else { return "" }
        return String(decoding: data, as: UTF8.self)
    }
}
