import ClusterAPI
import DNSModel
import NetworkTypes
import Testing

/// The tables of Kubernetes' DNS specification, and what stands between their lines.
@Suite("The cluster's zone")
struct ClusterZoneTests {
    private static func zone(_ services: [Service], _ slices: [EndpointSlice] = []) throws -> ClusterZone {
        let origin = try #require(DomainName("cluster.local"))
        var zone = try #require(ClusterZone(origin: origin))
        for service in services { zone.upsert(service) }
        for slice in slices { zone.upsert(slice) }
        zone.settle()
        return zone
    }

    private static let http = ServicePort(name: "http", port: 80)

    static let clusterCases: [(question: String, answer: String)] = [
        ("web.shop.svc.cluster.local", "172.30.0.5 fd99::5"), ("WEB.Shop.SVC.cluster.LOCAL", "172.30.0.5 fd99::5"),
        ("_http._tcp.web.shop.svc.cluster.local", "80 at web.shop.svc.cluster.local."),
        ("_dns._udp.web.shop.svc.cluster.local", "53 at web.shop.svc.cluster.local."),
        // Names that are there for the sake of others.
        ("_tcp.web.shop.svc.cluster.local", ""), ("shop.svc.cluster.local", ""), ("svc.cluster.local", ""),
        ("cluster.local", ""), ("waiting.shop.svc.cluster.local", ""),
        // And those that are not.
        ("_sctp.web.shop.svc.cluster.local", "missing"), ("_http._udp.web.shop.svc.cluster.local", "missing"),
        ("_80._tcp.web.shop.svc.cluster.local", "missing"), ("db.shop.svc.cluster.local", "missing"),
        ("web.store.svc.cluster.local", "missing"), ("store.svc.cluster.local", "missing"),
        ("x.web.shop.svc.cluster.local", "missing"),
        ("web.shop.cluster.local", "missing"), ("example.org", "foreign"), ("local", "foreign"), (".", "foreign"),
        ("dns-version.cluster.local", "1.1.0"),
    ]

    @Test("a service with addresses has their records, its named ports, and nothing else", arguments: clusterCases)
    func clusterIP(question: String, answer: String) throws {
        let ports = [
            Self.http, ServicePort(name: "dns", protocol: "UDP", port: 53), ServicePort(port: 99),
        ]
        let zone = try Self.zone(
            [
                Objects.service("web", at: ["172.30.0.5", "fd99::5"], ports: ports),
                Objects.service("waiting", at: [], ports: []),
            ],
            // Whose endpoints do not matter.
            [Objects.slice("web-1", of: "web", [Objects.endpoint("10.128.0.9", "x")])])
        #expect(try Self.told(zone, question) == answer)
    }

    static let headlessCases: [(question: String, answer: String)] = [
        ("db.shop.svc.cluster.local", "10.128.0.2 10.128.0.3 fd01::2"),
        ("db-0.db.shop.svc.cluster.local", "10.128.0.2 fd01::2"),
        ("10-128-0-3.db.shop.svc.cluster.local", "10.128.0.3"),
        ("10-128-0-2.db.shop.svc.cluster.local", "missing"), ("db-9.db.shop.svc.cluster.local", "missing"),
        (
            "_pg._tcp.db.shop.svc.cluster.local",
            "5432 at 10-128-0-3.db.shop.svc.cluster.local. 5432 at db-0.db.shop.svc.cluster.local."
        ),
        ("all.shop.svc.cluster.local", "10.128.0.7"), ("none.shop.svc.cluster.local", ""),
        ("_none._tcp.db.shop.svc.cluster.local", "missing"),
    ]

    @Test("a headless service has its ready endpoints, by hostname or address", arguments: headlessCases)
    func headless(question: String, answer: String) throws {
        let ports = [SlicePort(name: "pg", port: 5432), SlicePort(name: "none", port: nil), SlicePort(port: 1)]
        let zone = try Self.zone(
            [Objects.headless("db"), Objects.headless("all", unready: true), Objects.headless("none")],
            [
                Objects.slice(
                    "db-4", of: "db", ports: ports,
                    [
                        Objects.endpoint("10.128.0.2", "db-0", ready: true), Objects.endpoint("10.128.0.3"),
                        Objects.endpoint("10.128.0.4", "db-9", ready: false),
                        // The metadata of a cloud, and the pod itself.
                        Objects.endpoint("169.254.169.254"), Objects.endpoint("127.0.0.1"),
                    ]),
                Objects.slice("db-6", of: "db", type: "IPv6", ports: ports, [Objects.endpoint("fd01::2", "db-0")]),
                Objects.slice("all", of: "all", [Objects.endpoint("10.128.0.7", ready: false)]),
                Objects.slice("stray", of: "db", in: "store", [Objects.endpoint("10.128.0.66")]),
            ])
        #expect(try Self.told(zone, question) == answer)
    }

    @Test("a name for somebody outside is an alias and nothing else")
    func externalName() throws {
        let zone = try Self.zone([Objects.external("out", "Db.Example.org"), Objects.external("bad", "a..b")])
        #expect(try Self.told(zone, "out.shop.svc.cluster.local") == "is Db.Example.org.")
        #expect(try Self.told(zone, "bad.shop.svc.cluster.local") == "")
        #expect(try Self.told(zone, "x.out.shop.svc.cluster.local") == "missing")
    }

    @Test("addresses have the names of their services and of headless endpoints")
    func reverse() throws {
        let endpoints = [Objects.endpoint("10.128.0.2", "db-0"), Objects.endpoint("10.128.0.3", ready: false)]
        let zone = try Self.zone(
            [
                Objects.service("web", at: ["172.30.0.5"]), Objects.headless("db"), Objects.headless("again"),
                Objects.service("plain", at: ["172.30.0.6"]),
            ],
            [
                Objects.slice("db", of: "db", endpoints), Objects.slice("again", of: "again", endpoints),
                Objects.slice("plain", of: "plain", [Objects.endpoint("10.128.0.9")]),
            ])
        func names(_ text: String) -> [String] {
            IPAddress(text).map { zone.names(of: $0).map(\.description) } ?? []
        }
        #expect(names("172.30.0.5") == ["web.shop.svc.cluster.local."])
        #expect(names("10.128.0.2") == ["db-0.again.shop.svc.cluster.local.", "db-0.db.shop.svc.cluster.local."])
        #expect(names("10.128.0.3").isEmpty && names("10.128.0.9").isEmpty)
    }

    @Test("a namespace has a name as long as it is there or has services")
    func namespaces() throws {
        var zone = try Self.zone([])
        let name = "shop.svc.cluster.local"
        #expect(try Self.told(zone, name) == "missing")
        zone.upsertNamespace("shop")
        zone.upsertNamespace("shop")
        zone.upsert(Objects.service("web", at: []))
        zone.settle()
        zone.removeNamespace("shop")
        #expect(try Self.told(zone, name) == "")
        zone.removeService(ObjectKey(namespace: "shop", name: "web"))
        zone.settle()
        #expect(try Self.told(zone, name) == "missing")
    }

    @Test("the names of a service that cannot be read are neither told nor denied, until it can be read or goes")
    func unreadable() throws {
        var zone = try Self.zone([Objects.service("web", at: ["172.30.0.5"])])
        let key = ObjectKey(namespace: "shop", name: "web")
        zone.markUnreadable(key)
        zone.settle()
        for name in ["web.shop.svc.cluster.local", "_http._tcp.web.shop.svc.cluster.local"] {
            #expect(try Self.told(zone, name) == "unknown")
        }
        #expect(try Self.told(zone, "db.shop.svc.cluster.local") == "missing")
        #expect(try Self.told(zone, "shop.svc.cluster.local") == "")
        zone.upsert(Objects.service("web", at: ["172.30.0.6"]))
        zone.settle()
        #expect(try Self.told(zone, "web.shop.svc.cluster.local") == "172.30.0.6")
        zone.markUnreadable(key)
        zone.removeService(key)
        zone.settle()
        #expect(try Self.told(zone, "web.shop.svc.cluster.local") == "missing")
        #expect(try Self.told(zone, "shop.svc.cluster.local") == "missing")
    }

    static func told(_ zone: ClusterZone, _ question: String) throws -> String {
        switch zone.lookUp(try #require(DomainName(question))) {
        case .foreign: return "foreign"
        case .missing: return "missing"
        case .unknown: return "unknown"
        case .found(let records):
            let parts =
                records.addresses.sorted().map(\.description)
                + records.services.map { "\($0.port) at \($0.target)" }.sorted()
                + [records.alias.map { "is \($0)" }, records.text].compactMap(\.self)
            return parts.joined(separator: " ")
        }
    }
}
