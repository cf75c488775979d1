import ClusterAPI
import NetworkTypes

/// A Service as JSON, with what its addresses and ports depend on in reach.
struct ServiceParts {
    private(set) var object: JSONValue

    init(_ object: JSONValue) { self.object = object }

    struct Port: Hashable {
        var name: String
        var transport: String
        var number: Int64
        /// Nil when there is none: 0 says so too.
        var nodePort: Int64?
    }

    subscript(_ member: String) -> JSONValue? {
        get { object["spec"]?[member].flatMap { $0 == .null ? nil : $0 } }
        set {
            if object["spec"] == nil { object["spec"] = [:] }
            object["spec"]?[member] = newValue
        }
    }

    /// The text of a member; nil when it is empty.
    func text(_ member: String) -> String? { self[member]?.string.flatMap { $0.isEmpty ? nil : $0 } }

    private func texts(_ member: String) -> [String] { (self[member]?.array ?? []).map { $0.string ?? "" } }

    private func list(_ texts: [String]) -> JSONValue? { texts.isEmpty ? nil : .array(texts.map(JSONValue.string)) }

    var name: String { object["metadata"]?["name"]?.string ?? "" }
    var type: String { text("type") ?? "ClusterIP" }
    var hasSelector: Bool { self["selector"]?.object?.isEmpty == false }
    var externalTrafficPolicy: String? { text("externalTrafficPolicy") }

    // MARK: Addresses

    /// `clusterIPs`, or `clusterIP` alone; setting writes both.
    var clusterIPs: [String] {
        get {
            let many = texts("clusterIPs")
            return many.isEmpty ? text("clusterIP").map { [$0] } ?? [] : many
        }
        set {
            self["clusterIPs"] = list(newValue)
            self["clusterIP"] = newValue.first.map(JSONValue.string)
        }
    }

    /// IPv4 and IPv6, in the order of `clusterIPs`.
    var families: [String] {
        get { texts("ipFamilies") }
        set { self["ipFamilies"] = list(newValue) }
    }

    var familyPolicy: String? {
        get { text("ipFamilyPolicy") }
        set { self["ipFamilyPolicy"] = newValue.map(JSONValue.string) }
    }

    var externalIPs: [String] { texts("externalIPs") }
    /// Those that its load balancer is reached at.
    var balancerIPs: [String] {
        (object["status"]?["loadBalancer"]?["ingress"]?.array ?? []).compactMap { $0["ip"]?.string }
    }

    var isHeadless: Bool { clusterIPs.first == "None" }
    /// True for every type but the one that is a name of somebody outside.
    var needsAddress: Bool { type != "ExternalName" }

    static func family(of address: String) -> String { IPAddress(address)?.family == .v6 ? "IPv6" : "IPv4" }

    // MARK: Ports of nodes

    var ports: [Port] {
        (self["ports"]?.array ?? []).map { port in
            Port(
                name: port["name"]?.string ?? "", transport: port["protocol"]?.string ?? "TCP",
                number: port["port"]?.int ?? 0, nodePort: port["nodePort"]?.int.flatMap { $0 == 0 ? nil : $0 })
        }
    }

    mutating func setNodePort(_ port: Int64?, at index: Int) {
        guard var all = self["ports"]?.array, all.indices.contains(index) else { return }
        all[index]["nodePort"] = port.map(JSONValue.int)
        self["ports"] = .array(all)
    }

    var isExternal: Bool { type == "NodePort" || type == "LoadBalancer" }
    /// True if ports that name none get one.
    var needsNodePorts: Bool {
        type == "NodePort" || type == "LoadBalancer" && self["allocateLoadBalancerNodePorts"]?.bool ?? true
    }

    /// True where traffic comes in from outside.
    var hasExternalTraffic: Bool {
        isExternal || type == "ClusterIP" && !externalIPs.isEmpty
    }

    var healthPort: Int64? {
        get { self["healthCheckNodePort"]?.int.flatMap { $0 == 0 ? nil : $0 } }
        set { self["healthCheckNodePort"] = newValue.map(JSONValue.int) }
    }

    var needsHealthPort: Bool { type == "LoadBalancer" && externalTrafficPolicy == "Local" }
}
