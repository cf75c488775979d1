import FoundationEssentials
import Yams

/// One or several kubeconfig files read as one: the first file that names an entry or a current context wins.
package struct Kubeconfig {
    private struct Sourced<Value> {
        let value: Value
        let path: String
    }

    private let paths: [String]
    private var clusters: [String: Sourced<KubeconfigFile.Cluster>] = [:]
    private var contexts: [String: Sourced<KubeconfigFile.Context>] = [:]
    private var users: [String: Sourced<KubeconfigFile.User>] = [:]
    private var current: Sourced<String>?

    /// Reads the files; one that is missing or malformed is an error.
    package init(paths: [String]) throws {
        self.paths = paths
        for path in paths {
            guard let data = FileManager.default.contents(atPath: path) else {
                throw ConfigurationError(
                    origin: path, problem: "the file cannot be read",
                    remedy: "check the path and its permissions, or name another file with --kubeconfig")
            }
            try add(text: String(decoding: data, as: UTF8.self), path: path)
        }
    }

    /// Parses one kubeconfig text; `path` is what errors call it and what relative file names start from.
    package init(text: String, path: String) throws {
        paths = [path]
        try add(text: text, path: path)
    }

    private mutating func add(text: String, path: String) throws {
        let file = try Self.parse(text, path: path)
        for entry in file.clusters ?? [] where clusters[entry.name] == nil {
            clusters[entry.name] = entry.cluster.map { Sourced(value: $0, path: path) }
        }
        for entry in file.contexts ?? [] where contexts[entry.name] == nil {
            contexts[entry.name] = entry.context.map { Sourced(value: $0, path: path) }
        }
        for entry in file.users ?? [] where users[entry.name] == nil {
            users[entry.name] = entry.user.map { Sourced(value: $0, path: path) }
        }
        if current == nil, let name = file.currentContext, !name.isEmpty { current = Sourced(value: name, path: path) }
    }

    private static func parse(_ text: String, path: String) throws -> KubeconfigFile {
        do {
            return try YAMLDecoder().decode(KubeconfigFile.self, from: text)
        } catch let error as DecodingError {
            let (field, problem) = error.fieldAndProblem
            throw ConfigurationError(
                origin: path, field: field, problem: problem, remedy: "compare with `kubectl config view`")
        } catch {
            throw ConfigurationError(origin: path, problem: "not YAML: \(error)", remedy: "correct the file")
        }
    }

    /// The configuration of a context; of the current one when `context` is nil.
    package func configuration(context: String? = nil) throws -> ClusterConfiguration {
        let all = paths.joined(separator: ":")
        guard let name = context ?? current?.value else {
            throw ConfigurationError(
                origin: all, field: "current-context", problem: "not set",
                remedy: "set it with `kubectl config use-context` or name a context")
        }
        guard let chosen = contexts[name] else {
            throw ConfigurationError(
                origin: all, field: "contexts", problem: "there is no context '\(name)'",
                remedy: "choose one of: \(Self.list(contexts.keys))")
        }
        let origin = "\(chosen.path) (context \(name))"
        guard let clusterName = chosen.value.cluster, let cluster = clusters[clusterName] else {
            throw ConfigurationError(
                origin: origin, field: "cluster",
                problem: "there is no cluster '\(chosen.value.cluster ?? "")'",
                remedy: "choose one of: \(Self.list(clusters.keys))")
        }
        guard let server = cluster.value.server, !server.isEmpty else {
            throw ConfigurationError(
                origin: origin, field: "clusters[\(clusterName)].server", problem: "not set",
                remedy: "write https://HOST:PORT or unix:///path/to/socket")
        }
        var configuration = try ClusterConfiguration(serverText: server, origin: origin)
        if let namespace = chosen.value.namespace, !namespace.isEmpty { configuration.namespace = namespace }
        try configuration.apply(cluster.value, in: FileFields(path: cluster.path, entry: "clusters[\(clusterName)]"))
        if let userName = chosen.value.user, !userName.isEmpty {
            guard let user = users[userName] else {
                throw ConfigurationError(
                    origin: origin, field: "user", problem: "there is no user '\(userName)'",
                    remedy: "choose one of: \(Self.list(users.keys))")
            }
            try configuration.apply(user.value, in: FileFields(path: user.path, entry: "users[\(userName)]"))
        }
        return configuration
    }

    private static func list(_ names: some Sequence<String>) -> String {
        let sorted = names.sorted()
        return sorted.isEmpty ? "(none)" : sorted.joined(separator: ", ")
    }
}

extension DecodingError {
    /// The path of the field in dotted form, and what is wrong with it.
    var fieldAndProblem: (field: String, problem: String) {
        switch self {
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            (
                context.codingPath.dotted,
                context.debugDescription + (context.underlyingError.map { " (\($0))" } ?? "")
            )
        case .keyNotFound(let key, let context):
            ((context.codingPath + [key]).dotted, "missing")
        @unknown default: ("", "\(self)")
        }
    }
}

extension [any CodingKey] {
    fileprivate var dotted: String {
        reduce("") { path, key in
            if let index = key.intValue { return path + "[\(index)]" }
            return path.isEmpty ? key.stringValue : path + "." + key.stringValue
        }
    }
}
