import ClusterAPI
import FoundationEssentials
import LinuxSystem

/// The tokens of the lab's parts, each with the role that it would have in a real cluster, and their kubeconfigs.
struct Credentials {
    let directory: LabDirectory
    private var lines: [String] = []

    init(_ directory: LabDirectory) { self.directory = directory }

    /// Writes the API server's token file and every kubeconfig.
    ///
    /// Done before the API server starts.
    mutating func write(nodes: [String], gateways: [ObjectKey] = []) throws {
        issue("gabion:admin", group: "system:masters", to: nil)
        issue("gabion:controller", group: "gabion:controllers", to: directory.controllerKubeconfig)
        issue("gabion:dns", group: "gabion:readers", to: directory.dnsKubeconfig)
        for node in nodes {
            issue("system:node:\(node)", group: "system:nodes", to: directory.nodeKubeconfig(node))
        }
        for gateway in gateways {
            issue(
                "gabion:gateway:\(gateway.namespace):\(gateway.name)", group: "gabion:gateways",
                to: directory.gatewayKubeconfig(gateway))
        }
        try Self.protect(lines.map { $0 + "\n" }.joined(), at: directory.apiData + "/tokens.csv")
        for (path, text) in kubeconfigs { try Self.protect(text, at: path) }
    }

    private var kubeconfigs: [(path: String, text: String)] = []

    private mutating func issue(_ user: String, group: String, to path: String?) {
        let token = (0..<4).map { _ in String(UInt64.random(in: 1 << 60...UInt64.max), radix: 16) }.joined()
        lines.append("\(token),\(user),,\"\(group)\"")
        guard let path else { return }
        let text = """
            apiVersion: v1
            kind: Config
            current-context: lab
            clusters:
            - name: lab
              cluster:
                server: unix://\(directory.apiSocket)
            contexts:
            - name: lab
              context:
                cluster: lab
                user: \(user)
            users:
            - name: \(user)
              user:
                token: \(token)

            """
        kubeconfigs.append((path, text))
    }

    private static func protect(_ text: String, at path: String) throws {
        let made = FileManager.default.createFile(
            atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
        guard made else { throw LabError("cannot write \(path)", remedy: "Check that /run has room.") }
    }
}
