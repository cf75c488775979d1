import Testing

@Suite("The house rules hold in every file")
struct ArchitectureTests {
    static let pureLayers: Set<String> = ["Values", "Models", "Languages", "Compilers"]

    @Test("the checkout is found")
    func found() {
        #expect(SourceTree.sources.count > 100)
        #expect(SourceTree.tests.count > 30)
    }

    /// Pure targets are tested without a machine and replayed in any order: nothing in them may read a clock, a file or
    /// the network.
    @Test(
        "pure layers import each other, sets and queues, nothing else",
        arguments: SourceTree.sources.filter { pureLayers.contains($0.layer) })
    func pure(_ file: SourceFile) {
        let pure = SourceTree.targets(of: Self.pureLayers).union([
            "BitCollections", "DequeModule", "HashTreeCollections",
        ])
        #expect(pure.isSuperset(of: file.imports), "\(file.path) imports \(file.imports)")
        let impure = [
            "Date()", "Date.now", "(.now", " .now", ".random(", "ContinuousClock", "SystemRandomNumberGenerator",
            "getenv(",
            "FileManager", "contentsOf",
        ]
        for (index, line) in file.lines.enumerated() {
            #expect(!impure.contains { line.contains($0) }, "\(file.path):\(index + 1): \(line)")
        }
    }

    @Test("only drivers that own system calls import Glibc or CLinux", arguments: SourceTree.sources)
    func systemCalls(_ file: SourceFile) {
        let allowed: Set<String> = [
            "LinuxSystem", "ToolRunner", "RoutingDriver", "ConntrackDriver", "NFTablesDriver", "NFLogDriver",
        ]
        guard !allowed.contains(file.target) else { return }
        #expect(!file.imports.contains("CLinux"), "\(file.path): kernel interfaces are wrapped in LinuxSystem")
        if file.imports.contains("Glibc") {
            #expect(file.lines.contains { $0.contains("Glibc.exit(") }, "\(file.path): only to end the process")
        }
    }

    @Test("only ToolRunner and LinuxSystem start programs", arguments: SourceTree.sources)
    func programs(_ file: SourceFile) {
        guard !["ToolRunner", "LinuxSystem"].contains(file.target) else { return }
        #expect(!file.imports.contains("Subprocess"), "\(file.path): ask ToolRunner")
        #expect(!file.lines.contains { $0.contains("posix_spawn") || $0.contains("Process()") }, "\(file.path)")
    }

    @Test("models and languages do not see each other", arguments: SourceTree.sources)
    func compilersJoin(_ file: SourceFile) {
        let models = SourceTree.targets(of: ["Models"])
        let languages = SourceTree.targets(of: ["Languages"])
        if file.layer == "Models" { #expect(languages.isDisjoint(with: file.imports), "\(file.path)") }
        if file.layer == "Languages" || file.layer == "Drivers" {
            #expect(models.isDisjoint(with: file.imports), "\(file.path)")
        }
    }

    /// A longer file hides a missing type.
    @Test("no file has more than 300 lines", arguments: SourceTree.sources + SourceTree.tests)
    func size(_ file: SourceFile) {
        #expect(file.lines.count <= 301, "\(file.path) has \(file.lines.count) lines")
    }

    @Test("no shortcuts around the type checker or structured concurrency", arguments: SourceTree.sources)
    func shortcuts(_ file: SourceFile) {
        let banned = ["try!", " as! ", "Task.detached", " Task {", "(Task {", "TODO", "FIXME", "@_exported"]
        for (index, line) in file.lines.enumerated() {
            #expect(!banned.contains { line.contains($0) }, "\(file.path):\(index + 1): \(line)")
            if file.target != "LinuxSystem" {
                #expect(!line.contains("@unchecked Sendable"), "\(file.path):\(index + 1): only LinuxSystem may")
            }
        }
    }

    /// A failure that nobody can repeat is no use.
    @Test("tests take their random numbers from a seed", arguments: SourceTree.tests)
    func seeded(_ file: SourceFile) {
        guard !["ArchitectureTests", "TestRandom"].contains(file.target), file.layer != "TestRandom" else { return }
        for (index, line) in file.lines.enumerated() {
            let draws = [".random(in:", ".randomElement(", ".shuffled(", ".random()"].contains { line.contains($0) }
            let isLocal = line.contains("SystemRandomNumberGenerator") || line.contains(": RandomNumberGenerator {")
            #expect(!isLocal && (!draws || line.contains("using:")), "\(file.path):\(index + 1): \(line)")
        }
    }

    /// A skipped test looks like a passed one.
    @Test("no test is switched off", arguments: SourceTree.tests)
    func switchedOff(_ file: SourceFile) {
        guard file.target != "ArchitectureTests" else { return }
        let banned = [".disabled(", "withKnownIssue", "XCTSkip", "#expect(true)", "#expect(Bool(true))"]
        for (index, line) in file.lines.enumerated() {
            #expect(!banned.contains { line.contains($0) }, "\(file.path):\(index + 1): \(line)")
        }
    }
}
