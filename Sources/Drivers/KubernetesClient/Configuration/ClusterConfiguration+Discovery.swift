import FoundationEssentials

extension ClusterConfiguration {
    /// The configuration of one kubeconfig file.
    package static func load(kubeconfig path: String, context: String? = nil) throws -> ClusterConfiguration {
        try Kubeconfig(paths: [path]).configuration(context: context)
    }

    /// The configuration that a program finds by itself: the named file, else `KUBECONFIG`, else the pod's service
    /// account, else `~/.kube/config`.
    package static func find(
        kubeconfig path: String? = nil, context: String? = nil,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws -> ClusterConfiguration {
        if let path { return try load(kubeconfig: path, context: context) }
        let listed = (environment["KUBECONFIG"] ?? "").split(separator: ":").map(String.init)
        let present = listed.filter { FileManager.default.fileExists(atPath: $0) }
        if !listed.isEmpty {
            return try Kubeconfig(paths: present.isEmpty ? listed : present).configuration(context: context)
        }
        if environment["KUBERNETES_SERVICE_HOST"] != nil { return try inCluster(environment: environment) }
        let home = (environment["HOME"] ?? "/root") + "/.kube/config"
        guard FileManager.default.fileExists(atPath: home) else {
            throw ConfigurationError(
                origin: "kubeconfig", problem: "none was named, KUBECONFIG is not set and \(home) does not exist",
                remedy: "pass --kubeconfig FILE")
        }
        return try load(kubeconfig: home, context: context)
    }

    /// The configuration of a pod with a mounted service account.
    package static func inCluster(
        environment: [String: String], directory: String = "/var/run/secrets/kubernetes.io/serviceaccount"
    ) throws -> ClusterConfiguration {
        guard let host = environment["KUBERNETES_SERVICE_HOST"], let port = environment["KUBERNETES_SERVICE_PORT"]
        else {
            throw ConfigurationError(
                origin: "in-cluster", field: "KUBERNETES_SERVICE_HOST and _PORT", problem: "not set",
                remedy: "run inside a pod, or pass --kubeconfig FILE")
        }
        guard FileManager.default.fileExists(atPath: "\(directory)/token") else {
            throw ConfigurationError(
                origin: "in-cluster", field: "\(directory)/token", problem: "missing",
                remedy: "mount the service account token into the pod")
        }
        let literal = host.contains(":") ? "[\(host)]" : host
        var configuration = try ClusterConfiguration(serverText: "https://\(literal):\(port)", origin: "in-cluster")
        configuration.token = .file("\(directory)/token")
        configuration.certificateAuthority = .file("\(directory)/ca.crt")
        if let data = FileManager.default.contents(atPath: "\(directory)/namespace") {
            let name = String(decoding: data, as: UTF8.self).trimmed
            if !name.isEmpty { configuration.namespace = name }
        }
        return configuration
    }
}
