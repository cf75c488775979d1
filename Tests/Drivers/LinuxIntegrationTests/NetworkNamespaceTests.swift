import LinuxSystem
import TestSupport
import Testing

@Suite("Network namespaces", .requiresRoot)
struct NetworkNamespaceTests {
    @Test("a created namespace is there, is listed, is another one, and goes when deleted")
    func lifeOfANamespace() throws {
        let name = TestNamespace.uniqueName("life")
        try NetworkNamespace.create(named: name)
        defer { try? NetworkNamespace.delete(named: name) }
        #expect(NetworkNamespace.exists(named: name))
        #expect(try NetworkNamespace.list(prefix: name) == [name])
        #expect(try TestProgram.run("/usr/sbin/ip", ["netns", "list"]).contains(name))
        #expect(try NetworkNamespace.identity(of: .named(name)) != NetworkNamespace.identity(of: .current))
        #expect(throws: SystemError.self) { try NetworkNamespace.create(named: name) }
        #expect(NetworkNamespace.exists(named: name), "a second creation leaves the first alone")
        try NetworkNamespace.delete(named: name)
        #expect(!NetworkNamespace.exists(named: name))
        try NetworkNamespace.delete(named: name)
    }

    @Test("many created at once are all there")
    func concurrentCreation() async throws {
        let names = (0..<24).map { _ in TestNamespace.uniqueName("many") }
        defer { for name in names { try? NetworkNamespace.delete(named: name) } }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for name in names { group.addTask { try NetworkNamespace.create(named: name) } }
            try await group.waitForAll()
        }
        let identities = try Set(names.map { try NetworkNamespace.identity(of: .named($0)) })
        #expect(identities.count == names.count)
    }

    @Test("code runs inside, and the calling thread stays where it is")
    func callerStays() async throws {
        let namespace = try TestNamespace("stay")
        let outside = try NetworkNamespace.identity(of: .current)
        let wanted = try NetworkNamespace.identity(of: namespace.reference)
        #expect(try namespace.inside { try NetworkNamespace.identity(of: .current) } == wanted)
        #expect(try NetworkNamespace.identity(of: .current) == outside)
        let asynchronous = try await withNetworkNamespace(namespace.reference) {
            try NetworkNamespace.identity(of: .current)
        }
        #expect(asynchronous == wanted)
    }

    @Test("what does not exist is named in the error")
    func missingNamespace() {
        let error = #expect(throws: SystemError.self) { try withNetworkNamespace(.named("gbt-none")) { 1 } }
        #expect(
            error?.description
                == "cannot open network namespace /run/netns/gbt-none: No such file or directory (ENOENT)")
    }

    @Test("a name that is no file name is refused", arguments: ["", ".", "..", "a/b", "../x"])
    func badNames(name: String) {
        #expect(throws: SystemError.self) { try NetworkNamespace.create(named: name) }
    }

    @Test("settings belong to the namespace")
    func settings() throws {
        let namespace = try TestNamespace("sysctl")
        let outside = try Sysctl.read("net/ipv4/ip_default_ttl")
        try namespace.inside { try Sysctl.write("net/ipv4/ip_default_ttl", "77") }
        #expect(try namespace.inside { try Sysctl.read("net/ipv4/ip_default_ttl") } == "77")
        #expect(try Sysctl.read("net/ipv4/ip_default_ttl") == outside)
        #expect(try namespace.inside { try Sysctl.ensure("net/ipv4/ip_default_ttl", "77") } == false)
        #expect(throws: SystemError.self) { try Sysctl.read("../../etc/passwd") }
    }

    @Test("a thousand visits leave no descriptor behind")
    func noLeaks() throws {
        let namespace = try TestNamespace("leak")
        let before = try Descriptors.count()
        for _ in 0..<1000 { _ = try namespace.inside { try NetlinkSocket(.route).deadline } }
        // Other tests run at the same time, so not to the last one.
        #expect(try Descriptors.count() < before + 300)
    }
}
