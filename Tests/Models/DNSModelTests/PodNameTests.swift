import ClusterAPI
import DNSModel
import NetworkTypes
import Testing

@Suite("Names of pods by address")
struct PodNameTests {
    private static func zone() throws -> ClusterZone {
        let origin = try #require(DomainName("cluster.local"))
        var zone = try #require(ClusterZone(origin: origin))
        zone.upsert(Objects.pod("web", at: ["10.128.0.2", "fd01::2"]))
        zone.upsert(Objects.pod("ended", at: ["10.128.0.3"], phase: "Succeeded"))
        zone.upsert(Objects.pod("waiting", in: "store", at: []))
        zone.settle()
        return zone
    }

    static let cases: [(question: String, answer: String)] = [
        ("10-128-0-2.shop.pod.cluster.local", "10.128.0.2"), ("fd01--2.shop.pod.cluster.local", "fd01::2"),
        ("FD01--2.Shop.POD.cluster.local", "fd01::2"), ("fd01-0-0-0-0-0-0-2.shop.pod.cluster.local", "fd01::2"),
        // Whose pod it is not, who has ended, and who never was.
        ("10-128-0-2.store.pod.cluster.local", "missing"), ("10-128-0-3.shop.pod.cluster.local", "missing"),
        ("10-128-0-9.shop.pod.cluster.local", "missing"), ("10-128-0-2.none.pod.cluster.local", "missing"),
        // What is no address with dashes.
        ("web.shop.pod.cluster.local", "missing"), ("10-128-0.shop.pod.cluster.local", "missing"),
        ("10\\.128\\.0\\.2.shop.pod.cluster.local", "missing"), ("10-128-000-2.shop.pod.cluster.local", "missing"),
        ("x.10-128-0-2.shop.pod.cluster.local", "missing"),
        ("pod.cluster.local", ""), ("shop.pod.cluster.local", ""), ("store.pod.cluster.local", ""),
        ("none.pod.cluster.local", "missing"),
    ]

    @Test("are those of pods that are there, in their own namespace", arguments: cases)
    func names(question: String, answer: String) throws {
        #expect(try ClusterZoneTests.told(Self.zone(), question) == answer)
    }

    @Test("of a namespace with a pod that cannot be read are told, and not denied")
    func unreadable() throws {
        var zone = try Self.zone()
        let key = ObjectKey(namespace: "shop", name: "odd")
        zone.markPodUnreadable(key)
        zone.markPodUnreadable(key)
        #expect(try ClusterZoneTests.told(zone, "10-128-0-2.shop.pod.cluster.local") == "10.128.0.2")
        #expect(try ClusterZoneTests.told(zone, "10-128-0-9.shop.pod.cluster.local") == "unknown")
        #expect(try ClusterZoneTests.told(zone, "10-128-0-9.store.pod.cluster.local") == "missing")
        zone.upsert(Objects.pod("odd", at: ["10.128.0.9"]))
        #expect(try ClusterZoneTests.told(zone, "10-128-0-9.shop.pod.cluster.local") == "10.128.0.9")
        for name in ["odd", "web", "ended"] { zone.removePod(ObjectKey(namespace: "shop", name: name)) }
        #expect(try ClusterZoneTests.told(zone, "10-128-0-9.shop.pod.cluster.local") == "missing")
        #expect(try ClusterZoneTests.told(zone, "shop.pod.cluster.local") == "missing")
    }
}
