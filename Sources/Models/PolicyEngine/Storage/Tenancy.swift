import ClusterAPI
import NetworkTypes

/// What is known of the network's mode, and which projects are in which network.
struct Tenancy: Sendable {
    var mode = NetworkMode.networkPolicy
    /// Where pods have their addresses: what is in here and is no known pod's may be a pod's all the same.
    var ranges: [AddressBlock] = []
    /// NetNamespaces with an id that cannot be.
    var invalid: [String: String] = [:]
    private var ids: [String: VNID] = [:]
    /// The namespaces that exist, or that something is in.
    private var members: [ProjectNetwork: Set<String>] = [:]

    /// The network of any project, known or not.
    func network(of project: String) -> ProjectNetwork { ids[project].map { .id($0) } ?? .unknown(project: project) }

    func members(of network: ProjectNetwork) -> Set<String> { members[network] ?? [] }

    /// The networks with members.
    var networks: Dictionary<ProjectNetwork, Set<String>>.Keys { members.keys }

    mutating func add(_ project: String) { members[network(of: project), default: []].insert(project) }

    mutating func remove(_ project: String) {
        let network = network(of: project)
        members[network]?.remove(project)
        if members[network]?.isEmpty == true { members[network] = nil }
    }

    /// Nil where no id is known.
    mutating func setID(_ id: VNID?, of project: String) { ids[project] = id }
}
