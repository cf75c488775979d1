import LinuxSystem
import TestSupport
import Testing

/// What is let go is free a moment later: a child that another test is starting has it, too, until it becomes its program.
@Suite("Exclusive claims")
struct ExclusiveClaimTests {
    @Test("a directory has one claimant until it lets go, and none of it stays there")
    func directory() async throws {
        let directory = try TemporaryDirectory()
        do {
            let claim = try #require(try ExclusiveClaim.directory(directory.path))
            defer { withExtendedLifetime(claim) {} }
            #expect(try ExclusiveClaim.directory(directory.path) == nil)
        }
        try await eventually("it is let go") { try ExclusiveClaim.directory(directory.path) != nil }
        let error = #expect(throws: SystemError.self) { try ExclusiveClaim.directory(directory.file("none")) }
        #expect(error?.number == .notFound)
    }

    @Test("a name has one claimant in each network namespace", .requiresRoot)
    func network() async throws {
        let (here, there) = (try TestNamespace("claim"), try TestNamespace("claim"))
        func claim(_ name: String, in namespace: TestNamespace) throws -> ExclusiveClaim? {
            try withNetworkNamespace(namespace.reference) { try ExclusiveClaim.network(name) }
        }
        do {
            let first = try #require(try claim("one", in: here))
            defer { withExtendedLifetime(first) {} }
            #expect(try claim("one", in: here) == nil)
            #expect(try claim("on", in: here) != nil, "another name")
            #expect(try claim("one", in: there) != nil, "another network")
        }
        try await eventually("it is let go") { try claim("one", in: here) != nil }
        #expect(throws: SystemError.self) { try claim("", in: here) }
        #expect(throws: SystemError.self) { try claim(String(repeating: "a", count: 101), in: here) }
    }
}
