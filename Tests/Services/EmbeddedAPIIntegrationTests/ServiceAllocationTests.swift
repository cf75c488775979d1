import AddressAllocation
import ClusterAPI
import Foundation
import NIOHTTP1
import NetworkTypes
import Testing

/// Addresses and node ports of services, as clients of the real server see them.
@Suite("Services get addresses and ports", .timeLimit(.minutes(1)))
struct ServiceAllocationTests {
    private static let path = "/api/v1/namespaces/default/services"

    private static func service(_ name: String, _ change: [String: JSONValue] = [:]) -> JSONValue {
        let spec: [String: JSONValue] = ["ports": [["port": 80]]]
        return [
            "apiVersion": "v1", "kind": "Service", "metadata": ["name": .string(name)],
            "spec": .object(spec.merging(change) { $1 }),
        ]
    }

    private static func address(_ answer: TestClient.Answer) -> String {
        answer.json["spec"]?["clusterIP"]?.string ?? ""
    }

    @Test("of a hundred services made at once, no two have an address or a node port in common")
    func concurrentCreations() async throws {
        try await ServerFixture.with { fixture in
            let made = try await withThrowingTaskGroup(of: TestClient.Answer.self) { group in
                for number in 0..<100 {
                    group.addTask {
                        try await fixture.admin.create(Self.path, Self.service("s\(number)", ["type": "NodePort"]))
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(made.allSatisfy { $0.status == 201 })
            let addresses = Set(made.map(Self.address))
            #expect(addresses.count == 100 && addresses.allSatisfy { $0.hasPrefix("172.30.") })
            let ports = made.compactMap { $0.json["spec"]?["ports"]?.array?.first?["nodePort"]?.int }
            #expect(Set(ports).count == 100 && ports.allSatisfy { (30_000...32_767).contains($0) })
        }
    }

    @Test("of those who choose one address at once, one gets it; it is free again when the service is deleted")
    func chosenAddress() async throws {
        try await ServerFixture.with { fixture in
            let codes = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<10 {
                    let body = Self.service("s\(number)", ["clusterIP": "172.30.0.10"])
                    group.addTask { try await fixture.admin.create(Self.path, body).status }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(codes.sorted() == [201] + Array(repeating: 422, count: 9))
            let refused = try await fixture.admin.create(Self.path, Self.service("late", ["clusterIP": "172.30.0.10"]))
            #expect(refused.message.hasSuffix("failed to allocate IP 172.30.0.10: provided IP is already allocated"))
            #expect(refused.json["details"]?["causes"]?.array?.first?["field"] == "spec.clusterIPs")
            #expect(try await fixture.admin.send(.DELETE, Self.path).status == 200)
            #expect(
                try await fixture.admin.create(Self.path, Self.service("late", ["clusterIP": "172.30.0.10"])).status
                    == 201)
        }
    }

    @Test("a dry run shows an address and takes none")
    func dryRun() async throws {
        try await ServerFixture.with { fixture in
            let body = Self.service("s", ["clusterIP": "172.30.0.10"])
            #expect(try await fixture.admin.create(Self.path + "?dryRun=All", body).status == 201)
            let shown = try await fixture.admin.create(Self.path + "?dryRun=All", Self.service("t"))
            #expect(Self.address(shown).hasPrefix("172.30."))
            #expect(
                try await fixture.admin.create(Self.path, Self.service("other", ["clusterIP": "172.30.0.10"])).status
                    == 201)
        }
    }

    @Test("what is taken is known after a restart")
    func restart() async throws {
        let directory = FileManager.default.temporaryDirectory.path + "/gabion-api-" + UUID().uuidString.prefix(8)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let taken: [String: JSONValue] = [
            "type": "NodePort", "clusterIP": "172.30.0.10", "ports": [["port": 80, "nodePort": 30_080]],
        ]
        try await ServerFixture.run(directory) { fixture in
            let made = try await fixture.admin.create(Self.path, Self.service("s", taken))
            #expect(made.status == 201)
        }
        try await ServerFixture.run(directory) { fixture in
            for member in ["clusterIP", "ports"] {
                let again = Self.service("t", taken.filter { [member, "type", "ports"].contains($0.key) })
                let refused = try await fixture.admin.create(Self.path, again)
                #expect(refused.status == 422)
            }
        }
    }

    @Test("the ranges are those of the ClusterNetwork, of both families where it names two")
    func rangesOfClusterNetwork() async throws {
        try await ServerFixture.with { fixture in
            let network: JSONValue = [
                "apiVersion": "network.openshift.io/v1", "kind": "ClusterNetwork", "metadata": ["name": "default"],
                "clusterNetworks": [["CIDR": "10.128.0.0/14", "hostSubnetLength": 9]],
                "serviceNetwork": "10.96.0.0/16, fd02::/112",
            ]
            let before = try await fixture.admin.create(Self.path, Self.service("before"))
            #expect(Self.address(before).hasPrefix("172.30."))
            let kind = "/apis/network.openshift.io/v1/clusternetworks"
            #expect(try await fixture.admin.create(kind, network).status == 201)
            let made = try await fixture.admin.create(
                Self.path, Self.service("s", ["ipFamilyPolicy": "RequireDualStack"]))
            let addresses = (made.json["spec"]?["clusterIPs"]?.array ?? []).compactMap(\.string)
            #expect(addresses.count == 2 && addresses[0].hasPrefix("10.96.") && addresses[1].hasPrefix("fd02::"))
            // What was given before stays.
            var body = before.json
            body["metadata"]?["labels"] = ["a": "b"]
            let kept = try await fixture.admin.send(.PUT, Self.path + "/before", body)
            #expect(kept.status == 200 && Self.address(kept) == Self.address(before))
        }
    }
}
