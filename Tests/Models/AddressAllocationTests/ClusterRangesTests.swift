import AddressAllocation
import ClusterAPI
import NetworkTypes
import Testing

@Suite struct ClusterRangesTests {
    private func network(_ entries: [(String, Int)], service: String? = "172.30.0.0/16") -> ClusterNetwork {
        ClusterNetwork(
            clusterNetworks: entries.map { .init(cidr: $0.0, hostSubnetLength: $0.1) }, serviceNetwork: service)
    }

    @Test("both forms of the object are read")
    func forms() throws {
        var old = network([])
        old.network = "10.128.0.0/14"
        old.hostsubnetlength = 9
        #expect(try ClusterRanges(old).pods == [try range("10.128.0.0/14", 9)])
        let dual = try ClusterRanges(
            network([("10.128.0.0/14", 9), ("fd01::/48", 64)], service: "172.30.0.0/16, fd02::/112"))
        #expect(dual.families == [.v4, .v6])
        #expect(try ClusterRanges(network([("fd01::/48", 64), ("10.128.0.0/14", 9)])).families == [.v6, .v4])
        #expect(dual.services.map(\.description) == ["172.30.0.0/16", "fd02::/112"])
    }

    @Test(
        "bad fields are named",
        arguments: [
            ([], nil, "clusterNetworks: empty"),
            ([("10.0.0.0", 8)], nil, "clusterNetworks[0].CIDR: '10.0.0.0' is not a network"),
            (
                [("10.0.0.0/16", 8), ("10.1.0.0/30", 8)], nil,
                "clusterNetworks[1].hostSubnetLength: 8 host bits do not fit"
            ),
            ([("10.0.0.0/16", 8)], "x", "serviceNetwork: 'x' is not a network"),
            (
                [("10.0.0.0/16", 8), ("10.0.128.0/17", 8)], nil,
                "clusterNetworks[0] 10.0.0.0/16 overlaps clusterNetworks[1]"
            ),
            ([("10.0.0.0/8", 8)], "10.96.0.0/12", "clusterNetworks[0] 10.0.0.0/8 overlaps serviceNetwork 10.96.0.0/12"),
        ] as [([(String, Int)], String?, String)])
    func refused(entries: [(String, Int)], service: String?, text: String) {
        let error = #expect(throws: AllocationError.self) { try ClusterRanges(network(entries, service: service)) }
        #expect(error?.description.contains(text) == true, "\(String(describing: error))")
    }

    @Test(
        "a node address inside a range is a conflict",
        arguments: [
            ("10.128.3.4", "clusterNetworks[0]"), ("172.30.0.1", "serviceNetwork"), ("192.168.0.1", nil),
            ("fd00::1", nil),
        ])
    func conflicts(address: String, name: String?) throws {
        let ranges = try ClusterRanges(network([("10.128.0.0/14", 9)]))
        #expect(ranges.conflict(with: try #require(IPAddress(address)))?.name == name)
    }
}
