import NetworkTypes
import Testing

@testable import EnvoyConfig

@Suite("Envoy's files")
struct EnvoyConfigTests {
    struct Pattern: Sendable, CustomTestStringConvertible {
        let name: String
        let reach: HostPattern.Reach
        let text: String
        var testDescription: String { text }
    }

    @Test(
        "a pattern of hosts is an expression in which a dot is a dot",
        arguments: [
            Pattern(name: "a.example.com", reach: .itself, text: #"a\.example\.com"#),
            Pattern(name: "example.com", reach: .oneLabelMore, text: #"[a-z0-9_-]+\.example\.com"#),
            Pattern(name: "example.com", reach: .atLeastOneLabelMore, text: #"([a-z0-9_-]+\.)+example\.com"#),
            Pattern(name: "a+b.example", reach: .itself, text: #"a\+b\.example"#),
        ])
    func patterns(pattern: Pattern) throws {
        let name = try #require(DomainName(pattern.name))
        #expect(HostPattern(name, pattern.reach).expression == pattern.text)
    }

    @Test("texts of any kind stay in their strings")
    func strings() {
        #expect(
            EnvoyFiles(directory: "/run/a\"b\\c\n").bootstrapText(maximumConnections: 1).contains(
                #"/run/a\"b\\c\u000a"#))
    }

    @Test(
        "names are of lower-case letters, digits and hyphens",
        arguments: [("tcp-443", true), ("", false), ("a.b", false), ("A", false), ("a b", false)])
    func names(text: String, isName: Bool) {
        #expect((EnvoyName(text) != nil) == isName)
    }

    @Test("the administrator is at a socket in the file system, and at no address")
    func administrator() {
        let text = EnvoyFiles(directory: "/run/x").bootstrapText(maximumConnections: 7)
        #expect(text.contains(#""admin":{"address":{"pipe":{"mode":384,"path":"/run/x/admin.sock"}}}"#))
        #expect(!text.contains("socket_address"))
    }
}
