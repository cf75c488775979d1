import ClusterAPI
import DNSModel
import NetworkTypes
import TestRandom
import Testing

@Suite("The zone of any cluster, after any history")
struct RandomZoneTests {
    /// A cluster that changes at random, as objects and as the zone has heard of it.
    private struct History {
        var generator: SeededGenerator
        var zone: ClusterZone
        var namespaces: Set<String> = []
        var services: [ObjectKey: Service] = [:]
        var slices: [ObjectKey: EndpointSlice] = [:]
        var pods: [ObjectKey: Pod] = [:]

        private mutating func key() -> ObjectKey {
            ObjectKey(namespace: generator.pick(["shop", "store"]), name: generator.pick(["a", "b", "c"]))
        }

        mutating func step() {
            let key = key()
            switch generator.below(13) {
            case 10, 11:
                let pod = pod(key)
                pods[key] = pod
                zone.upsert(pod)
            case 12:
                pods[key] = nil
                zone.removePod(key)
            case 0..<3:
                let service = service(key)
                services[key] = service
                zone.upsert(service)
            case 3:
                services[key] = nil
                zone.removeService(key)
            case 4..<7:
                let slice = slice(key)
                slices[slice.key] = slice
                zone.upsert(slice)
            case 7:
                let name = ObjectKey(namespace: key.namespace, name: "slice-\(generator.below(4))")
                slices[name] = nil
                zone.removeEndpointSlice(name)
            case 8:
                namespaces.insert(key.namespace)
                zone.upsertNamespace(key.namespace)
            default:
                namespaces.remove(key.namespace)
                zone.removeNamespace(key.namespace)
            }
            if generator.once(in: 3) { zone.settle() }
        }

        private mutating func service(_ key: ObjectKey) -> Service {
            let number = generator.below(200)
            switch generator.below(4) {
            case 0:
                let unready = generator.pick([nil, true, false])
                return Objects.headless(key.name, in: key.namespace, unready: unready)
            case 1: return Objects.external(key.name, in: key.namespace, generator.pick(["x.example", "a.b"]))
            default:
                let ports = [
                    ServicePort(name: generator.pick(["http", "dns", nil]), protocol: "UDP", port: 1 + number),
                    ServicePort(name: "http", port: 80),
                ]
                let addresses = generator.pick([["172.30.0.\(number)"], ["172.30.0.\(number)", "fd99::9"], []])
                return Objects.service(key.name, in: key.namespace, at: addresses, ports: ports)
            }
        }

        private mutating func slice(_ key: ObjectKey) -> EndpointSlice {
            let isOld = generator.once(in: 2)
            var endpoints: [SliceEndpoint] = []
            // An address has one hostname, as a pod has.
            for number in 1...4 where generator.once(in: 2) {
                let hostname = number < 3 ? "pod-\(number)" : nil
                let address = isOld ? "10.128.0.\(number)" : "fd01::\(number)"
                endpoints.append(Objects.endpoint(address, hostname, ready: generator.pick([nil, true, false])))
            }
            let ports = [
                SlicePort(name: generator.pick(["http", nil]), port: 8080),
                SlicePort(name: "dns", protocol: "UDP", port: generator.pick([53, nil])),
            ]
            return Objects.slice(
                "slice-\(generator.below(4))", of: key.name, in: key.namespace, type: isOld ? "IPv4" : "IPv6",
                ports: ports, endpoints)
        }

        /// Two pods may have one address, as those of a node's network have.
        private mutating func pod(_ key: ObjectKey) -> Pod {
            let number = generator.below(3)
            let addresses = generator.pick([["10.128.1.\(number)"], ["10.128.1.\(number)", "fd02::\(number)"], []])
            let phase = generator.pick(["Running", "Pending", "Succeeded", "Failed"])
            return Objects.pod(key.name, in: key.namespace, at: addresses, phase: phase)
        }

        var naive: NaiveZone {
            NaiveZone(
                namespaces: namespaces, services: Array(services.values), slices: Array(slices.values),
                pods: Array(pods.values))
        }
    }

    @Test("has the records that the specification's lines give, and no others", arguments: 0..<60)
    func comparison(seed: Int) throws {
        let origin = try #require(DomainName("cluster.local"))
        let zone = try #require(ClusterZone(origin: origin))
        var history = History(generator: SeededGenerator(seed: seed), zone: zone)
        var names: Set<String> = ["nobody.shop.svc.cluster.local.", "shop.pod.cluster.local.", "nobody.cluster.local."]
        for _ in 0..<12 {
            for _ in 0..<8 { history.step() }
            history.zone.settle()
            let naive = history.naive
            // What was there once is asked for again.
            names.formUnion(naive.records.keys)
            for name in names.sorted() {
                let told = try ClusterZoneTests.told(history.zone, name)
                let expected = naive.records[name].map { Self.text($0) } ?? "missing"
                #expect(told == expected, "\(name)")
            }
            for address in (1...4).flatMap({ ["10.128.0.\($0)", "fd01::\($0)"] }) + ["fd99::9", "172.30.0.7"] {
                let pointers = history.zone.names(of: try #require(IPAddress(address))).map(\.description)
                #expect(Set(pointers) == naive.pointers[address] ?? [], "\(address)")
            }
        }
    }

    private static func text(_ records: Set<String>) -> String {
        let addresses = records.compactMap { IPAddress($0) }.sorted().map(\.description)
        return (addresses + records.filter { IPAddress($0) == nil }.sorted()).joined(separator: " ")
    }
}
