import APIMachinery
import AddressAllocation
import ClusterAPI
import NetworkTypes
import Testing

/// A cluster of services in a dictionary: what the writer of the server is to the allocation.
struct ServiceCluster {
    var ranges = ["172.30.0.0/16", "fd02::/112"]
    var nodePorts = NodePortRange.standard
    private(set) var services: [String: JSONValue] = [:]

    private func allocation(for name: String) -> ServiceAllocation {
        let others = services.filter { $0.key != name }.values
        return ServiceAllocation(
            ranges: ranges.compactMap { CIDR($0) }.map(ServiceAddressRange.init), nodePorts: nodePorts, start: 0
        ) { claim in others.contains { ServiceClaim.all(of: $0, resource: "services").contains(claim) } }
    }

    /// Creates a service with this specification.
    @discardableResult
    mutating func create(_ name: String, _ spec: String) throws -> JSONValue {
        var body = try json(#"{"spec":\#(spec)}"#)
        body["metadata"] = ["name": .string(name)]
        let writer = try write("Service")
        let ready = try writer.create(body, uid: name, nameSuffix: "").object
        let made = try allocation(for: name).complete(ready, of: writer.resource)
        services[name] = made
        return made["spec"] ?? .null
    }

    /// Replaces the specification by what `change` makes of it.
    @discardableResult
    mutating func update(_ name: String, _ change: (inout JSONValue) -> Void) throws -> JSONValue {
        let existing = try #require(services[name])
        var body = existing
        var spec = body["spec"] ?? [:]
        change(&spec)
        body["spec"] = spec
        let writer = try write("Service")
        let ready = try writer.update(body, replacing: existing, name: name).object
        let made = try allocation(for: name).complete(ready, replacing: existing, of: writer.resource)
        services[name] = made
        return made["spec"] ?? .null
    }

    mutating func delete(_ name: String) { services[name] = nil }
}

extension JSONValue {
    fileprivate func texts(_ member: String) -> [String] { (self[member]?.array ?? []).compactMap(\.string) }
    fileprivate var nodePorts: [Int64?] { (self["ports"]?.array ?? []).map { $0["nodePort"]?.int } }
}

@Suite struct ServiceAllocationTests {
    struct Families: Sendable, CustomTestStringConvertible {
        var ranges = ["172.30.0.0/16", "fd02::/112"]
        let spec: String
        let addresses: [String]
        let families: [String]
        let policy: String?
        var testDescription: String { "\(spec) in \(ranges)" }
    }

    private static let v4 = ["172.30.0.0/16"]
    private static let first4 = "172.30.1.1"
    private static let first6 = "fd02::101"

    static let families = [
        Families(spec: "", addresses: [first4], families: ["IPv4"], policy: "SingleStack"),
        Families(
            ranges: ["fd02::/112", "172.30.0.0/16"], spec: "", addresses: [first6], families: ["IPv6"],
            policy: "SingleStack"),
        Families(
            spec: #""ipFamilyPolicy":"PreferDualStack","#, addresses: [first4, first6], families: ["IPv4", "IPv6"],
            policy: "PreferDualStack"),
        Families(
            ranges: v4, spec: #""ipFamilyPolicy":"PreferDualStack","#, addresses: [first4], families: ["IPv4"],
            policy: "PreferDualStack"),
        Families(
            spec: #""ipFamilyPolicy":"RequireDualStack","ipFamilies":["IPv6"],"#, addresses: [first6, first4],
            families: ["IPv6", "IPv4"], policy: "RequireDualStack"),
        Families(
            spec: #""ipFamilies":["IPv6"],"#, addresses: [first6], families: ["IPv6"], policy: "SingleStack"),
        Families(
            spec: #""clusterIP":"fd02::9","#, addresses: ["fd02::9"], families: ["IPv6"], policy: "SingleStack"),
        Families(
            spec: #""clusterIPs":["fd02::9"],"ipFamilyPolicy":"PreferDualStack","#, addresses: ["fd02::9", first4],
            families: ["IPv6", "IPv4"], policy: "PreferDualStack"),
        Families(
            spec: #""clusterIP":"None","selector":{"a":"b"},"#, addresses: ["None"], families: ["IPv4"],
            policy: "SingleStack"),
        Families(
            ranges: v4, spec: #""clusterIP":"None","#, addresses: ["None"], families: ["IPv4", "IPv6"],
            policy: "RequireDualStack"),
        Families(
            spec: #""type":"ExternalName","externalName":"a.example","#, addresses: [], families: [], policy: nil),
        Families(
            spec: #""clusterIP":"","clusterIPs":[],"ipFamilies":[],"#, addresses: [first4], families: ["IPv4"],
            policy: "SingleStack"),
    ]

    @Test("a new service gets one address of each family that its policy asks for", arguments: families)
    func settlesFamilies(_ example: Families) throws {
        var cluster = ServiceCluster(ranges: example.ranges)
        let spec = try cluster.create("s", "{\(example.spec)\"ports\":[{\"port\":80}]}")
        #expect(spec.texts("clusterIPs") == example.addresses)
        #expect(spec["clusterIP"]?.string == example.addresses.first)
        #expect(spec.texts("ipFamilies") == example.families)
        #expect(spec["ipFamilyPolicy"]?.string == example.policy)
    }

    /// Ranges, a specification, and what the refusal says.
    static let refused: [([String], String, String)] = [
        (
            v4, #"{"clusterIP":"10.1.2.3","ports":[{"port":80}]}"#,
            #"spec.clusterIPs: Invalid value: ["10.1.2.3"]: failed to allocate IP 10.1.2.3: the provided IP (10.1.2.3) is not in the valid range. The range of valid IPs is 172.30.0.0/16"#
        ),
        (
            v4, #"{"clusterIP":"172.30.0.9","ports":[{"port":80}]}"#,
            #"spec.clusterIPs: Invalid value: ["172.30.0.9"]: failed to allocate IP 172.30.0.9: provided IP is already allocated"#
        ),
        (
            v4, #"{"clusterIP":"fd02::9","ports":[{"port":80}]}"#,
            #"spec.clusterIPs[0]: Invalid value: ["fd02::9"]: IPv6 is not configured on this cluster"#
        ),
        (
            v4, #"{"ipFamilyPolicy":"RequireDualStack","ports":[{"port":80}]}"#,
            #"spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services"#
        ),
        (
            v4, #"{"ipFamilies":["IPv6"],"ports":[{"port":80}]}"#,
            #"spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster"#
        ),
        (
            v4, #"{"ipFamilies":["IPv4","IPv6"],"ports":[{"port":80}]}"#,
            "must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified"
        ),
        (
            v4, #"{"ipFamilies":["IPv4","IPv4"],"ports":[{"port":80}]}"#,
            #"spec.ipFamilies[1]: Duplicate value: "IPv4""#
        ),
        (
            v4, #"{"clusterIPs":["172.30.0.5","172.30.0.6"],"ports":[{"port":80}]}"#,
            "may specify no more than one IP for each IP family"
        ),
        (
            v4, #"{"ipFamilies":["IPv6"],"clusterIP":"172.30.0.5","ports":[{"port":80}]}"#,
            "expected an IPv6 value as indicated by `ipFamilies[0]`"
        ),
        (
            v4, #"{"type":"LoadBalancer","clusterIP":"None","ports":[{"port":80}]}"#,
            "may not be set to 'None' for LoadBalancer services"
        ),
        (
            v4, #"{"type":"ExternalName","externalName":"a.b","clusterIP":"172.30.0.5"}"#,
            "spec.clusterIPs: Forbidden: may not be set for ExternalName services"
        ),
        (
            v4, #"{"type":"NodePort","ports":[{"port":80,"nodePort":30080}]}"#,
            "spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated"
        ),
        (
            v4, #"{"type":"NodePort","ports":[{"port":80,"nodePort":80}]}"#,
            "spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767"
        ),
        (
            v4, #"{"ports":[{"port":80,"nodePort":30081}]}"#,
            "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"
        ),
        (
            v4,
            #"{"type":"NodePort","ports":[{"name":"a","port":80,"nodePort":30081},{"name":"b","port":81,"nodePort":30081}]}"#,
            "spec.ports[1].nodePort: Duplicate value: 30081"
        ),
        (
            v4, #"{"externalTrafficPolicy":"Local","ports":[{"port":80}]}"#,
            "may only be set for externally-accessible services"
        ),
        (
            v4, #"{"type":"NodePort","healthCheckNodePort":30099,"ports":[{"port":80}]}"#,
            "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"
        ),
        (
            v4,
            #"{"type":"LoadBalancer","externalTrafficPolicy":"Local","healthCheckNodePort":30080,"ports":[{"port":80}]}"#,
            "spec.healthCheckNodePort: Invalid value: 30080: provided port is already allocated"
        ),
        (
            v4,
            #"{"type":"LoadBalancer","externalTrafficPolicy":"Local","healthCheckNodePort":30090,"ports":[{"port":80,"nodePort":30090}]}"#,
            "spec.healthCheckNodePort: Invalid value: 30090: provided port is already allocated"
        ),
        (
            v4, #"{"allocateLoadBalancerNodePorts":true,"ports":[{"port":80}]}"#,
            "spec.allocateLoadBalancerNodePorts: Forbidden: may only be used when `type` is 'LoadBalancer'"
        ),
        (
            v4, #"{"trafficDistribution":"Far","ports":[{"port":80}]}"#,
            #"spec.trafficDistribution: Unsupported value: "Far""#
        ),
    ]

    @Test("what cannot be had is refused with the field and the real server's words", arguments: refused)
    func refuses(_ ranges: [String], _ spec: String, _ words: String) throws {
        var cluster = ServiceCluster(ranges: ranges)
        try cluster.create(
            "first", #"{"type":"NodePort","clusterIP":"172.30.0.9","ports":[{"port":1,"nodePort":30080}]}"#)
        let status = try #require(throws: APIStatus.self) { try cluster.create("s", spec) }
        #expect(status.code == 422)
        #expect(status.message.hasPrefix("Service \"s\" is invalid: "), "\(status.message)")
        #expect(status.message.contains(words), "\(status.message)")
    }

    @Test("node ports are given to those who need them, one for all protocols of a port")
    func givesNodePorts() throws {
        var cluster = ServiceCluster()
        let dns = try cluster.create(
            "dns",
            #"{"type":"NodePort","ports":[{"name":"t","port":53},{"name":"u","port":53,"protocol":"UDP"},{"name":"m","port":9153}]}"#
        )
        #expect(dns.nodePorts == [30_086, 30_086, 30_087])
        #expect(dns["externalTrafficPolicy"] == "Cluster")
        let local = try cluster.create(
            "local", #"{"type":"LoadBalancer","externalTrafficPolicy":"Local","ports":[{"port":80,"nodePort":30000}]}"#)
        #expect(local.nodePorts == [30_000])
        #expect(local["healthCheckNodePort"] == 30_088)
        let none = try cluster.create(
            "none", #"{"type":"LoadBalancer","allocateLoadBalancerNodePorts":false,"ports":[{"port":80}]}"#)
        #expect(none.nodePorts == [nil])
        #expect(try cluster.create("plain", #"{"ports":[{"port":80}]}"#).nodePorts == [nil])
    }

    @Test("when nothing is left the refusal is the server's fault, and says so")
    func exhausts() throws {
        var cluster = ServiceCluster(ranges: ["10.0.0.0/30"], nodePorts: try #require(NodePortRange("40000-40001")))
        for name in ["a", "b"] { try cluster.create(name, #"{"type":"NodePort","ports":[{"port":80}]}"#) }
        let full = try #require(throws: APIStatus.self) { try cluster.create("c", #"{"ports":[{"port":80}]}"#) }
        #expect(full.code == 500)
        #expect(full.message == "Internal error occurred: failed to allocate a serviceIP: range is full")
        let ports = try #require(throws: APIStatus.self) {
            try cluster.update("a") { $0["ports"] = [["name": "a", "port": 80], ["name": "b", "port": 81]] }
        }
        #expect(ports.message == "Internal error occurred: failed to allocate a nodePort: range is full")
        cluster.delete("a")
        #expect(try cluster.create("c", #"{"ports":[{"port":80}]}"#).texts("clusterIPs") == ["10.0.0.1"])
    }
}
