import ClusterAPI
import ServiceModel
import TestRandom
import Testing

private typealias Make = SliceCluster

@Suite struct SliceSequenceTests {
    private static func pods(_ range: Range<Int>) -> [Pod] {
        range.map { Make.pod("p\($0)", ["10.1.\($0 / 250).\($0 % 250 + 1)"]) }
    }

    private func cluster(pods: Int) -> SliceCluster {
        var cluster = SliceCluster()
        cluster.model.upsert(Make.service("web"))
        for pod in Self.pods(0..<pods) { cluster.model.upsert(pod) }
        cluster.settle()
        return cluster
    }

    @Test("a slice holds a hundred endpoints at most, and no more slices are made than that needs")
    func fills() {
        let cluster = cluster(pods: 250)
        #expect(cluster.slices(of: "web").map(\.endpoints.count).sorted() == [50, 100, 100])
        #expect(cluster.writes == 3)
    }

    @Test("one pod that changes costs one write, and moves nobody")
    func changesOne() {
        var cluster = cluster(pods: 250)
        let before = cluster.slices(of: "web")
        cluster.resetWrites()
        cluster.model.upsert(Make.pod("p7", ["10.1.0.8"]) { $0.metadata.deletionTimestamp = "2026-01-01T00:00:00Z" })
        cluster.settle()
        #expect(cluster.writes == 1)
        let after = cluster.slices(of: "web")
        #expect(zip(before, after).allSatisfy { $0.endpoints.map(\.addresses) == $1.endpoints.map(\.addresses) })
        #expect(cluster.endpoints(of: "web").filter { $0.hasSuffix("-st") } == ["10.1.0.8:8080 -st"])
    }

    @Test("a pod that comes fills a slice with room; one that takes another's place takes it in the slice too")
    func fillsRoom() {
        var cluster = cluster(pods: 150)
        cluster.resetWrites()
        cluster.model.upsert(Make.pod("new", ["10.2.0.1"]))
        cluster.settle()
        #expect(cluster.writes == 1 && cluster.slices(of: "web").count == 2)
        cluster.resetWrites()
        cluster.model.removePod(ObjectKey(namespace: "shop", name: "p3"))
        cluster.model.upsert(Make.pod("newer", ["10.2.0.2"]))
        cluster.settle()
        #expect(cluster.writes == 1)
    }

    @Test("changes of a pod that no slice shows, and of pods of nobody, cost nothing")
    func ignores() {
        var cluster = cluster(pods: 3)
        cluster.resetWrites()
        cluster.model.upsert(Make.pod("p1", ["10.1.0.2"]) { $0.metadata.annotations = ["a": "b"] })
        #expect(cluster.model.isSettled)
        cluster.model.upsert(Make.pod("other", ["10.3.0.1"], labels: ["app": "db"]))
        #expect(cluster.model.isSettled)
        for slice in cluster.slices(of: "web") { cluster.model.upsert(slice) }
        cluster.settle()
        #expect(cluster.writes == 0)
    }

    @Test("an older state of a slice, told late, is no news")
    func ignoresLateNews() throws {
        var cluster = cluster(pods: 1)
        let old = try #require(cluster.slices(of: "web").first)
        cluster.model.upsert(Make.pod("p9", ["10.1.0.10"]))
        cluster.settle()
        cluster.model.upsert(old)
        #expect(cluster.model.isSettled)
    }

    @Test("endpoints that stand in two slices stand in one after the next plan")
    func removesDoubles() throws {
        var cluster = cluster(pods: 2)
        var twin = try #require(cluster.slices(of: "web").first)
        twin.metadata.name = "web-twin"
        twin.metadata.uid = "twin"
        cluster.model.upsert(twin)
        cluster.settle()
        #expect(cluster.endpoints(of: "web").count == 2)
    }

    @Test("pods that come, change, move and go leave what a fresh look at the end shows", arguments: 0..<25)
    func agreesWithFreshLook(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var cluster = SliceCluster()
        var services: [String: Service] = [:]
        var pods: [String: Pod] = [:]
        for _ in 0..<150 {
            if random.once(in: 5) {
                let name = random.pick(["web", "db", "all"])
                let selector = random.pick([["app": "web"], ["app": "db"], ["tier": "x"], ["app": "web", "tier": "x"]])
                services[name] = random.once(in: 4) ? nil : Make.service(name, selector: selector)
                if let service = services[name] {
                    cluster.model.upsert(service)
                } else {
                    // The server collects what it owned.
                    cluster.model.removeService(ObjectKey(namespace: "shop", name: name))
                    cluster.forget(name)
                }
            } else {
                let number = random.below(30)
                let name = "p\(number)"
                let labels = random.pick([["app": "web"], ["app": "db"], ["app": "web", "tier": "x"], ["tier": "y"]])
                let isReady = !random.once(in: 3)
                pods[name] =
                    random.once(in: 4)
                    ? nil
                    : Make.pod(name, ["10.1.0.\(number + 1)"], labels: labels) {
                        $0.status?.conditions = [PodCondition(type: "Ready", status: isReady ? "True" : "False")]
                    }
                if let pod = pods[name] {
                    cluster.model.upsert(pod)
                } else {
                    cluster.model.removePod(ObjectKey(namespace: "shop", name: name))
                }
            }
            if random.once(in: 3) { cluster.settle() }
        }
        cluster.settle()
        var fresh = SliceCluster()
        for pod in pods.values { fresh.model.upsert(pod) }
        for service in services.values { fresh.model.upsert(service) }
        fresh.settle()
        for name in ["web", "db", "all"] {
            #expect(cluster.endpoints(of: name) == fresh.endpoints(of: name), "\(name), \(random)")
        }
    }
}
