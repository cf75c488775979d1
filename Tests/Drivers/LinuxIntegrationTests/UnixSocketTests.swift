import Glibc
import LinuxSystem
import TestSupport
import Testing

@Suite("Unix sockets")
struct UnixSocketTests {
    @Test("request and response, with the other end's credentials")
    func exchange() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("agent.sock")
        let listener = try Socket.listen(unix: path)
        let client = try Socket.connect(unix: path)
        #expect(try Readiness.wait(listener.descriptor, for: .readable, timeout: .seconds(2)))
        let server = try #require(try listener.accept())
        #expect(try server.peerCredentials() == .init(pid: getpid(), user: geteuid(), group: getegid()))
        let large = [UInt8](repeating: 7, count: 100_000)
        try client.sendAll(large, within: .seconds(2))
        #expect(try server.receiveExactly(large.count, within: .seconds(2)) == large)
        client.shutDown()
        #expect(try server.receiveToEnd(limit: 10, within: .seconds(2)).isEmpty)
    }

    @Test("a silent other end is a timeout, a closed one a reset")
    func silence() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("s")
        let listener = try Socket.listen(unix: path)
        let client = try Socket.connect(unix: path)
        let timeout = #expect(throws: SystemError.self) { try client.receiveExactly(4, within: .milliseconds(20)) }
        #expect(timeout?.number == .timedOut)
        _ = try listener.accept()
        let reset = #expect(throws: SystemError.self) { try client.receiveExactly(4, within: .seconds(2)) }
        #expect(reset?.number == .connectionReset)
    }

    @Test("a socket file that a dead process left is replaced, a living one is not")
    func staleFile() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("s")
        do { _ = try Socket.listen(unix: path) }
        let living = try Socket.listen(unix: path)
        let error = #expect(throws: SystemError.self) { try Socket.listen(unix: path) }
        #expect(error?.description.contains("Address already in use") == true)
        #expect(living.descriptor > 2)
    }

    @Test("an owner that takes no connections is a timeout, and its socket is not replaced")
    func fullBacklog() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("s")
        let listener = try Socket.listen(unix: path, backlog: 0)
        let first = try Socket.connect(unix: path)
        let timeout = #expect(throws: SystemError.self) { try Socket.connect(unix: path, within: .milliseconds(30)) }
        #expect(timeout?.number == .timedOut)
        #expect(throws: SystemError.self) { try Socket.listen(unix: path) }
        #expect(first.descriptor != listener.descriptor)
    }

    @Test("a path that does not fit is refused by name")
    func longPath() {
        let path = "/tmp/" + String(repeating: "x", count: 120)
        let error = #expect(throws: SystemError.self) { try Socket.connect(unix: path) }
        #expect(error?.description.contains("1 to 107 bytes") == true)
    }
}
