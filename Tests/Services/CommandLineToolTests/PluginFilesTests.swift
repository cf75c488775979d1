import Foundation
import TestSupport
import Testing

@testable import CommandLineTool

@Suite("the plugin's files on a node")
struct PluginFilesTests {
    private static func folder() throws -> (TemporaryDirectory, PluginFiles, source: String) {
        let folder = try TemporaryDirectory()
        let source = folder.file("plugin")
        try Data("program 1".utf8).write(to: URL(filePath: source))
        return (folder, PluginFiles(programs: folder.file("bin"), configuration: folder.file("net.d")), source)
    }

    @Test("the program is there and can be run, and a configuration names it")
    func install() throws {
        let (folder, files, source) = try Self.folder()
        let told = try files.install(from: source)
        #expect(told.map { $0.hasSuffix(" written") } == [true, true])
        let program = folder.file("bin/gabion-cni")
        #expect(FileManager.default.isExecutableFile(atPath: program))
        #expect(FileManager.default.contents(atPath: program) == Data("program 1".utf8))
        let text = try #require(FileManager.default.contents(atPath: folder.file("net.d/10-gabion.conflist")))
        let list = try #require(try JSONSerialization.jsonObject(with: text) as? [String: Any])
        let plugins = try #require(list["plugins"] as? [[String: Any]])
        #expect(plugins.map { $0["type"] as? String } == ["gabion-cni"])
        #expect(list["cniVersion"] as? String == "1.0.0")
    }

    @Test("again, nothing is touched; another program takes the place of the old one")
    func again() throws {
        let (folder, files, source) = try Self.folder()
        _ = try files.install(from: source)
        #expect(try files.install(from: source).map { $0.hasSuffix(" unchanged") } == [true, true])
        let old = try FileHandle(forReadingFrom: URL(filePath: folder.file("bin/gabion-cni")))
        try Data("program 2".utf8).write(to: URL(filePath: source))
        #expect(try files.install(from: source).map { $0.hasSuffix(" unchanged") } == [false, true])
        // Who has the old one open goes on with all of it.
        #expect(try old.readToEnd() == Data("program 1".utf8))
        #expect(FileManager.default.contents(atPath: folder.file("bin/gabion-cni")) == Data("program 2".utf8))
    }

    @Test("without a program there is no configuration either")
    func noProgram() throws {
        let (folder, files, _) = try Self.folder()
        #expect(throws: CommandFailure.self) { try files.install(from: folder.file("none")) }
        #expect(!FileManager.default.fileExists(atPath: folder.file("net.d")))
    }

    @Test("nothing is left behind, the configurations of others are")
    func remove() throws {
        let (folder, files, source) = try Self.folder()
        _ = try files.install(from: source)
        try Data().write(to: URL(filePath: folder.file("net.d/99-loopback.conf")))
        _ = try files.remove()
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("bin")).isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("net.d")) == ["99-loopback.conf"])
        #expect(try files.remove().map { $0.hasSuffix(" is not there") } == [true, true])
    }
}
