import EgressNames
import NetworkTypes
import Testing

@Suite("Names that policies mention")
struct NamePatternTests {
    static let textCases: [(text: String, dialect: NameDialect, told: String)] = [
        ("example.com", .egressNetworkPolicy, "example.com."), ("Example.COM.", .egressFirewall, "Example.COM."),
        ("intranet", .egressNetworkPolicy, "intranet."), ("_srv.example.com", .zone, "_srv.example.com."),
        ("*.example.com", .egressFirewall, "*.example.com."), ("*.example.com", .zone, "*.example.com."),
        ("*.example.com", .networkPolicyAPI, "**.example.com."), ("**.example.com", .zone, "**.example.com."),
        ("**.example.com", .egressFirewall, "**.example.com."),
        ("*.example.com", .egressNetworkPolicy, "noStars"), ("**.example.com", .networkPolicyAPI, "misplacedStar"),
        ("***.example.com", .zone, "misplacedStar"), ("a.*.com", .zone, "misplacedStar"),
        ("*example.com", .zone, "misplacedStar"), ("*", .zone, "misplacedStar"), ("*.", .zone, "noName"),
        ("*.com", .networkPolicyAPI, "tooShort"), ("com", .egressFirewall, "tooShort"), ("", .zone, "noName"),
        (".", .zone, "noName"), ("a..b", .zone, "noName"), ("a b.com", .zone, "noName"),
        ("-a.com", .zone, "noName"), ("a-.com", .zone, "noName"), ("\\065.example.com", .zone, "noName"),
        ("192.0.2.1", .egressNetworkPolicy, "address"), ("2001:db8::1", .zone, "address"),
    ]

    @Test("are read as their API means them, or refused with the reason", arguments: textCases)
    func texts(text: String, dialect: NameDialect, told: String) {
        let read: String
        do throws(NamePatternProblem) {
            let pattern = try dialect.pattern(text)
            read = pattern.description
            #expect(NamePattern(read) == pattern)
        } catch {
            switch error {
            case .noName: read = "noName"
            case .tooShort: read = "tooShort"
            case .address: read = "address"
            case .misplacedStar: read = "misplacedStar"
            case .noStars: read = "noStars"
            }
        }
        #expect(read == told)
    }

    static let matchCases: [(pattern: String, names: [String], others: [String])] = [
        ("kubernetes.io", ["kubernetes.io", "KUBERNETES.io."], ["www.kubernetes.io", "my-kubernetes.io", "io", "."]),
        (
            "*.kubernetes.io", ["www.kubernetes.io", "Blog.Kubernetes.IO"],
            ["kubernetes.io", "latest.blog.kubernetes.io", "mykubernetes.io", "wikipedia.org"]
        ),
        (
            "**.kubernetes.io", ["www.kubernetes.io", "latest.blog.kubernetes.io"],
            ["kubernetes.io", "mykubernetes.io", "kubernetes.io.evil.example"]
        ),
    ]

    @Test("are whole labels, in any case", arguments: matchCases)
    func matches(pattern: String, names: [String], others: [String]) throws {
        let pattern = try #require(NamePattern(pattern))
        for name in names { #expect(pattern.matches(try Texts.name(name)), "\(name)") }
        for name in others { #expect(!pattern.matches(try Texts.name(name)), "\(name)") }
    }
}
