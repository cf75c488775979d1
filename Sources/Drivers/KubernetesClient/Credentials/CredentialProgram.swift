/// A program that prints credentials: `users[].user.exec` of a kubeconfig (client.authentication.k8s.io).
///
/// It is run without a terminal and without standard input: a login that asks somebody has to be made before.
package struct CredentialProgram: Hashable, Sendable {
    package static let versions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"]

    /// A name to look for in PATH, or an absolute path.
    package let command: String
    package let arguments: [String]
    /// Beside our own environment, and before it.
    package let environment: [String: String]
    /// One of `versions`; the answer has to be of the same.
    package let apiVersion: String
    /// What people are told when the program is not there.
    package let installHint: String?
    /// Whether it wants to know of which cluster the credentials are to be.
    package let wantsCluster: Bool
    /// The kubeconfig and the entry, for errors.
    package let origin: String
    package let field: String

    /// A command with a slash starts at the kubeconfig's directory.
    init(_ exec: KubeconfigFile.Exec, in fields: FileFields) throws {
        let field = "\(fields.entry).exec"
        func unusable(_ name: String, _ problem: String, _ remedy: String) -> ConfigurationError {
            ConfigurationError(origin: fields.path, field: "\(field).\(name)", problem: problem, remedy: remedy)
        }
        guard let command = exec.command, !command.isEmpty else {
            throw unusable("command", "not set", "name the program that prints credentials")
        }
        guard let version = exec.apiVersion, Self.versions.contains(version) else {
            throw unusable(
                "apiVersion", "'\(exec.apiVersion ?? "")' is not known",
                "write one of: \(Self.versions.joined(separator: ", ")), and have a program of that version")
        }
        guard exec.interactiveMode != "Always" else {
            throw unusable(
                "interactiveMode", "Always: the program wants to ask somebody",
                "use one that remembers its login, with IfAvailable or Never, or a client certificate, token or tokenFile"
            )
        }
        self.command = command.contains("/") ? fields.absolute(command) : command
        arguments = exec.args ?? []
        environment = Dictionary((exec.env ?? []).map { ($0.name, $0.value ?? "") }) { $1 }
        apiVersion = version
        installHint = exec.installHint
        wantsCluster = exec.provideClusterInfo ?? false
        origin = fields.path
        self.field = field
    }
}
