/// The parameters that a runtime hands over in the environment, checked.
package struct Invocation: Codable, Hashable, Sendable {
    package let command: Command
    /// Empty for STATUS, GC and VERSION.
    package let containerID: String
    /// The path of the container's network namespace; empty where the verb allows it to be missing.
    package let namespacePath: String
    /// The interface's name inside the container.
    package let interfaceName: String
    /// `CNI_ARGS`, taken apart.
    package let arguments: [String: String]

    /// Reads `CNI_COMMAND`, `CNI_CONTAINERID`, `CNI_NETNS`, `CNI_IFNAME` and `CNI_ARGS`.
    ///
    /// - Throws: code 4, naming every variable that is missing or malformed.
    package init(environment: [String: String]) throws(PluginError) {
        let verb = environment["CNI_COMMAND"] ?? ""
        guard let command = Command(rawValue: verb) else {
            throw PluginError(
                .invalidEnvironment, verb.isEmpty ? "CNI_COMMAND is not set" : "unknown CNI_COMMAND '\(verb)'",
                details: "expected one of \(Command.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        self.command = command
        containerID = environment["CNI_CONTAINERID"] ?? ""
        namespacePath = environment["CNI_NETNS"] ?? ""
        interfaceName = environment["CNI_IFNAME"] ?? ""
        arguments = try Self.parseArguments(environment["CNI_ARGS"] ?? "")
        try checkPresence()
        try checkForm()
    }

    /// The pod that Kubernetes runtimes name in `CNI_ARGS`; nil when either part is missing.
    package var pod: (namespace: String, name: String)? {
        guard let namespace = arguments["K8S_POD_NAMESPACE"], let name = arguments["K8S_POD_NAME"],
            !namespace.isEmpty, !name.isEmpty
        else { return nil }
        return (namespace, name)
    }

    private func checkPresence() throws(PluginError) {
        var missing: [String] = []
        if command.concernsOneAttachment {
            if containerID.isEmpty { missing.append("CNI_CONTAINERID") }
            if interfaceName.isEmpty { missing.append("CNI_IFNAME") }
        }
        if command.needsNamespace, namespacePath.isEmpty { missing.append("CNI_NETNS") }
        guard missing.isEmpty else {
            throw PluginError(
                .invalidEnvironment, "required environment variables missing: \(missing.joined(separator: ", "))",
                details: "\(command.rawValue) needs them; the container runtime sets them")
        }
    }

    private func checkForm() throws(PluginError) {
        guard command.concernsOneAttachment else { return }
        guard Self.isContainerID(containerID) else {
            throw PluginError(
                .invalidEnvironment, "invalid CNI_CONTAINERID '\(containerID)'",
                details: "it must start with a letter or digit and go on with letters, digits, '_', '.' or '-'")
        }
        guard Self.isInterfaceName(interfaceName) else {
            throw PluginError(
                .invalidEnvironment, "invalid CNI_IFNAME '\(interfaceName)'",
                details: "1 to 15 bytes, neither '.' nor '..', without '/', ':' or white space")
        }
    }

    package static func isContainerID(_ text: String) -> Bool {
        guard let first = text.utf8.first, first.isAlphanumeric else { return false }
        return text.utf8.allSatisfy {
            $0.isAlphanumeric || [UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-")].contains($0)
        }
    }

    package static func isInterfaceName(_ text: String) -> Bool {
        (1...15).contains(text.utf8.count) && text != "." && text != ".."
            && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ":") }
    }

    private static func parseArguments(_ text: String) throws(PluginError) -> [String: String] {
        var arguments: [String: String] = [:]
        for pair in text.split(separator: ";") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw PluginError(
                    .invalidEnvironment, "invalid CNI_ARGS pair '\(pair)'", details: "expected KEY=VALUE;KEY=VALUE")
            }
            arguments[String(parts[0])] = String(parts[1])
        }
        return arguments
    }
}

extension UInt8 {
    fileprivate var isAlphanumeric: Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self)
            || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self)
    }
}
