import LinuxSystem
import TestSupport
import Testing

@Suite("Processes", .requiresRoot)
struct ProcessTests {
    @Test("a program runs in the namespace that was asked for, with its arguments and environment")
    func runsInNamespace() throws {
        let namespace = try TestNamespace("spawn")
        let directory = try TemporaryDirectory()
        var program = Program(
            "/bin/sh", ["-c", "readlink /proc/self/ns/net; echo \"$GREETING\" \"$1\"; echo oops >&2", "sh", "a b"],
            environment: ["GREETING": "hello", "PATH": "/usr/bin:/bin"])
        program.namespace = namespace.reference
        program.output = .file(directory.file("log"))
        let process = try program.spawn()
        #expect(try process.wait(timeout: .seconds(10)) == .code(0))
        let output = String(decoding: try OwnedDescriptor.open(directory.file("log")).readToEnd(), as: UTF8.self)
        let identity = try NetworkNamespace.identity(of: namespace.reference)
        #expect(output == "net:[\(identity)]\nhello a b\noops\n")
    }

    @Test("the way it ended is told", arguments: [("exit 3", "exit code 3"), ("kill -9 $$", "signal 9")])
    func exitStatus(script: String, status: String) throws {
        let process = try Program("/bin/sh", ["-c", script]).spawn()
        #expect(try process.wait(timeout: .seconds(10))?.description == status)
        #expect(process.status()?.description == status)
    }

    @Test("waiting ends at its deadline, and terminate ends the process")
    func deadline() async throws {
        let process = try Program("/bin/sleep", ["60"]).spawn()
        let start = ContinuousClock.now
        #expect(try process.wait(timeout: .milliseconds(50)) == nil)
        #expect(ContinuousClock.now - start >= .milliseconds(50))
        #expect(process.isRunning)
        #expect(try await process.end(grace: .seconds(5)) == .signal(.terminate))
        #expect(!process.isRunning)
    }

    @Test("a process that ignores SIGTERM is killed after the grace")
    func kill() throws {
        let directory = try TemporaryDirectory()
        let ready = directory.file("ready")
        let script = "trap '' TERM; echo > \(ready); while :; do sleep 0.05; done"
        let process = try Program("/bin/sh", ["-c", script], environment: ["PATH": "/bin:/usr/bin"]).spawn()
        while (try? OwnedDescriptor.open(ready)) == nil { _ = try process.wait(timeout: .milliseconds(10)) }
        #expect(try process.terminate(grace: .milliseconds(100)) == .signal(.kill))
    }

    @Test("a child outlives the thread that started it")
    func outlivesThread() throws {
        let process = try DedicatedThread.run { try Program("/bin/sleep", ["60"]).spawn() }
        #expect(try process.wait(timeout: .milliseconds(200)) == nil)
        try process.terminate(grace: .seconds(5))
    }

    @Test("what cannot be started is named")
    func notThere() {
        let error = #expect(throws: SystemError.self) { try Program("/no/such/program").spawn() }
        #expect(error?.description == "cannot start (execute) /no/such/program: No such file or directory (ENOENT)")
    }

    @Test("a child gets no descriptor of ours")
    func noInheritedDescriptors() throws {
        let listing = try TestProgram.run("/bin/sh", ["-c", "ls /proc/self/fd"])
        // 3 is the directory that ls reads.
        #expect(listing.split(separator: "\n") == ["0", "1", "2", "3"])
    }
}
