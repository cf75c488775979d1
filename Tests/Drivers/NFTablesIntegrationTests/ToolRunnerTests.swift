import LinuxSystem
import TestSupport
import Testing
import ToolRunner

@Suite("Running programs", .requiresRoot)
struct ToolRunnerTests {
    private let runner = ToolRunner()

    @Test("input goes in, output comes out whole, however large", arguments: [0, 1, 65536, 3_000_000])
    func passesBytes(count: Int) async throws {
        let input = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        #expect(try await runner.run("cat", input: input).standardOutput == input)
    }

    @Test("a program that ends with its output still in the pipe loses none of it")
    func keepsOutputOfShortPrograms() async throws {
        for _ in 0..<20 {
            #expect(try await runner.run("head", ["-c", "60000", "/dev/zero"]).standardOutput.count == 60000)
        }
    }

    @Test("a failure names program, arguments, exit code and what it said")
    func namesFailures() async throws {
        let error = await #expect(throws: ToolError.self) { try await runner.run("ls", ["/missing-here"]) }
        let text = try #require(error).description
        #expect(text.contains("'ls /missing-here' failed with exit code 2"))
        #expect(text.contains("No such file or directory"))
    }

    @Test("a program that takes too long is killed")
    func keepsDeadlines() async throws {
        let clock = ContinuousClock()
        let start = clock.now
        let error = await #expect(throws: ToolError.self) {
            try await runner.run("sleep", ["30"], deadline: .milliseconds(100))
        }
        #expect(error?.reason == .late(.milliseconds(100)))
        #expect(clock.now - start < .seconds(5))
    }

    @Test("a program that is not there is named with the places looked at", arguments: ["no-such-tool", "a/b", ""])
    func namesMissingPrograms(name: String) async {
        let error = await #expect(throws: ToolError.self) { try await runner.run(name) }
        #expect(error?.reason == .notFound)
    }

    @Test("output beyond the limit is an error")
    func boundsOutput() async {
        await #expect(throws: ToolError.self) {
            try await runner.run("head", ["-c", "5000", "/dev/zero"], outputLimit: 1000)
        }
    }

    @Test("a program that does not read its input ends us not")
    func survivesBrokenPipes() async {
        let input = [UInt8](repeating: 1, count: 1 << 20)
        _ = try? await runner.run("true", input: input)
        await #expect(throws: ToolError.self) { try await runner.run("false", input: input) }
    }

    @Test("the environment is clean, and the namespace the one asked for")
    func isolates() async throws {
        let variables = try await runner.run("env").text.split(separator: "\n").map { $0.prefix { $0 != "=" } }
        #expect(Set(variables).isSubset(of: ["PATH", "LC_ALL", "_"]))
        try await withTestNamespace { namespace in
            let links = try await runner.run("ip", ["-o", "link"], in: namespace).text
            #expect(links.split(separator: "\n").count == 1)
        }
    }
}
