package import CNISpec
import FoundationEssentials

/// The CNI plugin's logic: checks what the runtime handed over, carries it to the agent, prints the agent's answer.
///
/// The agent does the work in the kernel. Without it the plugin answers VERSION, and everything else with an error that
/// says where the agent was expected.
package struct Plugin {
    private let environment: [String: String]
    private let standardInput: [UInt8]
    private let agent: any AgentConnection

    /// - Parameter agent: how to reach the agent.
    package init(environment: [String: String], standardInput: [UInt8], agent: any AgentConnection) {
        self.environment = environment
        self.standardInput = standardInput
        self.agent = agent
    }

    /// The answer to the runtime: what to print, and the exit code.
    package func run() -> PluginResponse {
        var answerVersion = SpecVersion.newest.rawValue
        do throws(PluginError) {
            let invocation = try Invocation(environment: environment)
            if invocation.command == .version { return versions() }
            let configuration = try decodeConfiguration()
            if let asked = configuration.cniVersion { answerVersion = asked }
            _ = try configuration.version(for: invocation.command)
            try configuration.checkName()
            let request = PluginRequest(
                invocation: invocation, configuration: String(decoding: standardInput, as: UTF8.self))
            return try agent.exchange(request, socket: configuration.socket ?? NetworkConfiguration.defaultSocket)
        } catch {
            return Self.response(to: error, version: answerVersion)
        }
    }

    private func decodeConfiguration() throws(PluginError) -> NetworkConfiguration {
        guard !standardInput.isEmpty else {
            throw PluginError(
                .decodingFailure, "no network configuration on standard input",
                details: "gabion-cni is called by a container runtime, not by hand; see docs/design/cni.md")
        }
        do {
            return try JSONDecoder().decode(NetworkConfiguration.self, from: Data(standardInput))
        } catch {
            throw PluginError(
                .decodingFailure, "the network configuration on standard input is not valid", details: "\(error)")
        }
    }

    private func versions() -> PluginResponse {
        let asked = try? JSONDecoder().decode(AskedVersion.self, from: Data(standardInput))
        return PluginResponse(exitCode: 0, output: Self.text(VersionInfo(asked: asked?.cniVersion)))
    }

    private struct AskedVersion: Decodable {
        let cniVersion: String?
    }

    private static func response(to error: PluginError, version: String) -> PluginResponse {
        PluginResponse(exitCode: 1, output: text(error.document(version: version)))
    }

    private static func text(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // These are structs of strings and numbers: encoding them cannot fail.
        guard let data = try? encoder.encode(value) else { return "" }
        return String(decoding: data, as: UTF8.self)
    }
}
