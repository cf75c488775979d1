import ClusterAPI

/// A container of ours.
struct ContainerSpec: Sendable {
    /// What the kernel lets it do beyond what everybody may.
    enum Power: Hashable, Sendable {
        /// As a user without rights; the root of its image cannot be written to, here as everywhere.
        case none
        /// Root without any right but these.
        case capabilities([String])
        /// Everything.
        case privileged
    }

    enum Probe: Hashable, Sendable {
        case http(path: String, port: Int, host: String?)
        case command([String])
    }

    let name: String
    /// Nil: the installation's.
    var image: String?
    /// Of the program `gabion`, or a whole command line.
    let command: [String]
    var power = Power.none
    var environment: [JSONValue] = []
    var mounts: [VolumeMount] = []
    var readiness: Probe?
    var ports: [(name: String, number: Int, transport: String)] = []
    /// Thousandths of a processor, and MiB: what it has at least.
    var requests: (cpu: Int, memory: Int)?

    init(_ name: String, _ command: [String]) {
        self.name = name
        self.command = command
    }

    /// - Parameter installed: the installation's image.
    func json(image installed: String, pullPolicy: String) -> JSONValue {
        var members: [String: JSONValue] = [
            "name": .string(name), "image": .string(image ?? installed), "imagePullPolicy": .string(pullPolicy),
            "command": Self.texts(command), "securityContext": securityContext,
        ]
        if !environment.isEmpty { members["env"] = .array(environment) }
        if !mounts.isEmpty { members["volumeMounts"] = .array(mounts.map(\.json)) }
        if let readiness { members["readinessProbe"] = Self.json(readiness) }
        if !ports.isEmpty {
            members["ports"] = .array(
                ports.map {
                    [
                        "name": .string($0.name), "containerPort": .int(Int64($0.number)),
                        "protocol": .string($0.transport),
                    ]
                })
        }
        if let requests {
            members["resources"] = [
                "requests": ["cpu": .string("\(requests.cpu)m"), "memory": .string("\(requests.memory)Mi")]
            ]
        }
        return .object(members)
    }

    private var securityContext: JSONValue {
        switch power {
        case .none:
            [
                "allowPrivilegeEscalation": false, "capabilities": ["drop": ["ALL"]], "readOnlyRootFilesystem": true,
                "runAsGroup": 65532, "runAsNonRoot": true, "runAsUser": 65532,
            ]
        case .capabilities(let names):
            [
                "allowPrivilegeEscalation": false,
                "capabilities": names.isEmpty ? ["drop": ["ALL"]] : ["add": Self.texts(names), "drop": ["ALL"]],
                "readOnlyRootFilesystem": true, "runAsUser": 0,
            ]
        case .privileged: ["privileged": true, "readOnlyRootFilesystem": true, "runAsUser": 0]
        }
    }

    private static func json(_ probe: Probe) -> JSONValue {
        var members: [String: JSONValue] = ["failureThreshold": 3, "periodSeconds": 5, "timeoutSeconds": 5]
        switch probe {
        case .command(let words): members["exec"] = ["command": texts(words)]
        case .http(let path, let port, let host):
            var request: [String: JSONValue] = ["path": .string(path), "port": .int(Int64(port)), "scheme": "HTTP"]
            if let host { request["host"] = .string(host) }
            members["httpGet"] = .object(request)
        }
        return .object(members)
    }

    private static func texts(_ words: [String]) -> JSONValue { .array(words.map(JSONValue.string)) }
}

/// A folder of the node in a container.
struct VolumeMount: Sendable {
    let volume: String
    let path: String
    var isReadOnly = false
    /// Whether what the node mounts there later is seen.
    var followsNode = false

    init(_ volume: String, _ path: String, isReadOnly: Bool = false, followsNode: Bool = false) {
        self.volume = volume
        self.path = path
        self.isReadOnly = isReadOnly
        self.followsNode = followsNode
    }

    var json: JSONValue {
        var members: [String: JSONValue] = ["name": .string(volume), "mountPath": .string(path)]
        if isReadOnly { members["readOnly"] = true }
        if followsNode { members["mountPropagation"] = "HostToContainer" }
        return .object(members)
    }
}
