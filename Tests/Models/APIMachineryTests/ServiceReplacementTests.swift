import APIMachinery
import ClusterAPI
import Testing

@Suite struct ServiceReplacementTests {
    private static let dual = #"{"ipFamilyPolicy":"PreferDualStack","ports":[{"port":80}]}"#

    @Test("a replacement that says nothing of what was given keeps it")
    func keeps() throws {
        var cluster = ServiceCluster()
        for spec in [
            Self.dual, #"{"type":"NodePort","ports":[{"name":"a","port":80},{"name":"b","port":81}]}"#,
            #"{"type":"LoadBalancer","externalTrafficPolicy":"Local","ports":[{"port":80}]}"#,
        ] {
            let made = try cluster.create("s", spec)
            let bare = try json(spec)
            #expect(try cluster.update("s") { $0 = bare } == made)
            cluster.delete("s")
        }
    }

    @Test(
        "a service that becomes a name for somebody outside gives its addresses and ports back, and gets new ones later"
    )
    func changesType() throws {
        var cluster = ServiceCluster()
        let made = try cluster.create("s", #"{"type":"NodePort","ports":[{"port":80}]}"#)
        let outside = try cluster.update("s") { spec in
            spec["type"] = "ExternalName"
            spec["externalName"] = "a.example"
        }
        for member in ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "externalTrafficPolicy"] {
            #expect(outside[member] == nil, "\(member)")
        }
        #expect(outside["ports"]?.array?.first?["nodePort"] == nil)
        try cluster.create("other", #"{"clusterIP":"172.30.1.1","ports":[{"port":80}]}"#)
        let back = try cluster.update("s") { $0["type"] = "ClusterIP" }
        #expect(made["clusterIP"] == "172.30.1.1" && back["clusterIP"] == "172.30.1.2")
    }

    @Test("node ports go when the type has no use for them, and stay between types that have")
    func dropsNodePorts() throws {
        var cluster = ServiceCluster()
        let made = try cluster.create(
            "s", #"{"type":"LoadBalancer","externalTrafficPolicy":"Local","ports":[{"port":80}]}"#)
        let node = try cluster.update("s") { $0["type"] = "NodePort" }
        #expect(node["ports"] == made["ports"])
        #expect(node["healthCheckNodePort"] == nil && node["allocateLoadBalancerNodePorts"] == nil)
        let plain = try cluster.update("s") { $0["type"] = "ClusterIP" }
        #expect(plain["ports"]?.array?.first?["nodePort"] == nil)
        #expect(plain["externalTrafficPolicy"] == nil)
        #expect(plain["clusterIP"] == made["clusterIP"])
    }

    @Test("a second family comes and goes with the policy, and the first address stays")
    func changesFamilies() throws {
        var cluster = ServiceCluster()
        let made = try cluster.create("s", #"{"ports":[{"port":80}]}"#)
        let dual = try cluster.update("s") { $0["ipFamilyPolicy"] = "PreferDualStack" }
        #expect(dual["clusterIPs"]?.array == [made["clusterIP"] ?? "", "fd02::101"])
        let single = try cluster.update("s") { $0["ipFamilyPolicy"] = "SingleStack" }
        #expect(single["clusterIPs"] == made["clusterIPs"] && single["ipFamilies"] == ["IPv4"])
    }

    @Test("a change of the cluster's ranges changes no service that is not asked to change")
    func survivesNewRanges() throws {
        var cluster = ServiceCluster()
        let made = try cluster.create("s", Self.dual)
        cluster.ranges = ["10.9.0.0/16"]
        let labelled = try cluster.update("s") { $0["sessionAffinity"] = "ClientIP" }
        #expect(labelled["clusterIPs"] == made["clusterIPs"])
        cluster.ranges = ["172.30.0.0/16"]
        try cluster.create("t", Self.dual)
        cluster.ranges = ["172.30.0.0/16", "fd02::/112"]
        #expect(try cluster.update("t") { $0["sessionAffinity"] = "ClientIP" }["clusterIPs"]?.array?.count == 1)
    }

    /// A stored specification, what is written over it, and what the refusal says.
    static let refused: [(String, String, String)] = [
        (
            #"{"ports":[{"port":80}]}"#, #"{"clusterIP":"172.30.9.9"}"#,
            "spec.clusterIPs[0]: Invalid value: [\"172.30.9.9\"]: may not change once set"
        ),
        (#"{"ports":[{"port":80}]}"#, #"{"clusterIP":"None"}"#, "may not change once set"),
        (
            dual, #"{"clusterIPs":["172.30.1.1"],"ipFamilies":["IPv4"]}"#,
            "must be 'SingleStack' to release the secondary cluster IP"
        ),
        (
            dual, #"{"ipFamilies":["IPv6","IPv4"]}"#,
            "spec.ipFamilies[0]: Invalid value: \"IPv6\": may not change once set"
        ),
        (
            #"{"type":"LoadBalancer","externalTrafficPolicy":"Local","ports":[{"port":80}]}"#,
            #"{"healthCheckNodePort":30099}"#, "spec.healthCheckNodePort: Invalid value: 30099: field is immutable"
        ),
        (
            #"{"ports":[{"port":80}]}"#, #"{"type":"ExternalName","externalName":"a.b","clusterIP":"172.30.9.9"}"#,
            "spec.clusterIPs: Forbidden: may not be set for ExternalName services"
        ),
    ]

    @Test("what was given does not change under a service's clients", arguments: refused)
    func refuses(_ stored: String, _ change: String, _ words: String) throws {
        var cluster = ServiceCluster()
        try cluster.create("s", stored)
        let members = try json(change).object ?? [:]
        let status = try #require(throws: APIStatus.self) {
            try cluster.update("s") { spec in
                for (member, value) in members { spec[member] = value }
            }
        }
        #expect(status.code == 422)
        #expect(status.message.contains(words), "\(status.message)")
    }
}
