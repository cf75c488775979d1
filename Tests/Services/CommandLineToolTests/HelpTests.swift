import ArgumentParser
import ClusterAPI
import Foundation
import ManifestFiles
import Testing

@testable import CommandLineTool

/// One verb that people see, with the words that lead to it.
private struct Verb: CustomTestStringConvertible, Sendable {
    let words: [String]
    let type: any ParsableCommand.Type

    var testDescription: String { words.joined(separator: " ") }

    static let all: [Verb] = below(Verb(words: ["gabion"], type: GabionCommand.self))

    private static func below(_ verb: Verb) -> [Verb] {
        let verbs = verb.type.configuration.subcommands.filter { $0.configuration.shouldDisplay }
        return [verb] + verbs.flatMap { below(Verb(words: verb.words + [$0._commandName], type: $0)) }
    }

    var help: [String] {
        GabionCommand.helpMessage(for: type, columns: 80).split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
    }
}

@Suite("the help of every verb")
struct HelpTests {
    @Test("all verbs are looked at")
    func verbs() {
        #expect(Verb.all.count == 45)
        #expect(Verb.all.contains { $0.words == ["gabion", "lab", "verify"] })
    }

    @Test("no line is longer than 80 columns, and nothing that was laid out by hand is broken", arguments: Verb.all)
    private func layout(verb: Verb) {
        let help = verb.help
        for line in help { #expect(line.count <= 80, "\(line)") }
        let lines = Set(help)
        for line in verb.type.configuration.discussion.split(separator: "\n") {
            #expect(lines.contains(String(line)), "\(line)")
        }
    }

    @Test("a verb says what it is for in one line, and more below", arguments: Verb.all)
    private func texts(verb: Verb) {
        let abstract = verb.type.configuration.abstract
        #expect(abstract.hasSuffix("."))
        #expect(verb.help.first == "OVERVIEW: " + abstract)
        #expect(!verb.type.configuration.discussion.isEmpty)
        #expect(verb.help.contains { $0.hasPrefix("USAGE: " + verb.words.joined(separator: " ")) })
    }

    @Test("every option and argument is explained in a sentence")
    func options() throws {
        let dump = try JSONDecoder().decode(JSONValue.self, from: Data(GabionCommand._dumpHelp().utf8))
        var seen = 0
        func look(at command: JSONValue) {
            // The parser's own.
            guard command["commandName"] != "help" else { return }
            for argument in command["arguments"]?.array ?? [] {
                seen += 1
                let text = argument["abstract"]?.string ?? ""
                #expect(text.hasSuffix("."), "\(command["commandName"]?.string ?? ""): \(argument)")
            }
            for below in command["subcommands"]?.array ?? [] { look(at: below) }
        }
        look(at: try #require(dump["command"]))
        #expect(seen > 60)
    }

    @Test("every example is a command line that is understood", arguments: Verb.all)
    private func examples(verb: Verb) throws {
        for words in CommandLines.ofGabion(in: verb.type.configuration.discussion) {
            #expect(throws: Never.self, "\(words)") { try GabionCommand.parseAsRoot(words) }
        }
    }

    private static let checkout = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")

    private static var readmeText: String {
        get throws { try String(contentsOf: checkout.appending(path: "README.md"), encoding: .utf8) }
    }

    @Test("so is every command line in the README")
    func readme() throws {
        let lines = CommandLines.ofGabion(in: try Self.readmeText)
        #expect(lines.count >= 4)
        for words in lines {
            #expect(throws: Never.self, "\(words)") { try GabionCommand.parseAsRoot(words) }
        }
    }

    @Test("the README shows what its questions are answered")
    func readmeAnswer() throws {
        let text = try Self.readmeText
        let begin = try #require(text.range(of: "questions.csv <<END\n"))
        let end = try #require(text.range(of: "END\n", range: begin.upperBound..<text.endIndex))
        let questions = Data(text[begin.upperBound..<end.lowerBound].utf8)
        let report = try VerdictReport(
            paths: [Self.checkout.appending(path: "examples/demo").path], queries: "-", reader: ManifestReader(),
            standardInput: { questions })
        #expect(text.contains(report.text(.csv)))
    }
}

/// The command lines in a text for people.
private enum CommandLines {
    /// The arguments of `gabion`, up to where the shell takes over.
    static func ofGabion(in text: String) -> [[String]] {
        text.replacing("\\\n", with: " ").split(separator: "\n").compactMap { line in
            var words = line.split(separator: " ").map(String.init)
            if words.first == "$" { words.removeFirst() }
            if let pipe = words.firstIndex(of: "|"), words.indices.contains(pipe + 1), words[pipe + 1] == "gabion" {
                words.removeFirst(pipe + 1)
            }
            guard words.first == "gabion", words.count > 1, words[1].first?.isLowercase == true else { return nil }
            return Array(words.dropFirst().prefix { !["|", ">", "#", "&&"].contains($0) })
        }
    }
}
