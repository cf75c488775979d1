import ClusterAPI
import KubernetesClient
import Testing

@testable import ClusterController

/// The answer to a write of ours may come after the watch has told of newer ones.
@Suite struct MirrorTests {
    private static func project(_ version: String?, uid: String = "u") -> NetNamespace {
        var project = NetNamespace(netname: "n", netid: 1)
        project.metadata.uid = uid
        project.metadata.resourceVersion = version
        return project
    }

    /// What is known, what comes then, and whether it is news.
    static let cases: [(known: String, next: String?, uid: String, isNews: Bool)] = [
        ("7", "8", "u", true), ("8", "7", "u", false), ("10", "9", "u", false), ("9", "10", "u", true),
        ("8", "7", "another", true), ("8", nil, "u", true), ("8", "x", "u", true),
    ]

    @Test("what is older than what is known is no news; another object of that name is", arguments: cases)
    func ages(known: String, next: String?, uid: String, isNews: Bool) {
        var mirror = Mirror([Self.project(known)])
        mirror.upsert(Self.project(next, uid: uid))
        #expect((mirror["n"]?.metadata.resourceVersion == next) == isNews)
        var watched = Mirror([Self.project(known)])
        watched.apply(.upserted(Self.project(next, uid: uid)))
        #expect(watched == mirror)

        var services = ServiceMirror()
        for (version, owner) in [(known, "u"), (next, uid)] {
            var service = Service(metadata: ObjectMeta(name: "s", namespace: "n"))
            (service.metadata.uid, service.metadata.resourceVersion) = (owner, version)
            services.upsert(service)
        }
        #expect((services.values.first?.metadata.resourceVersion == next) == isNews)
    }

    @Test("a deletion of ours takes away the object that was deleted, and no later one of its name")
    func deletion() {
        var mirror = Mirror([Self.project("9", uid: "later")])
        mirror.remove("n", uid: "u")
        #expect(mirror.contains("n"))
        mirror.remove("n", uid: "later")
        #expect(!mirror.contains("n"))
    }
}
