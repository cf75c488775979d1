import Testing

@testable import APIMachinery

@Suite struct LinearPatternTests {
    static let matching: [(String, String)] = [
        ("", "anything"), ("b", "abc"), ("^a.c$", "abc"), ("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$", "web-1"),
        ("^(red|green)+$", "redgreen"), ("^a{2,3}$", "aaa"), ("^a{2,}$", "aaaa"), ("^a{2}b?$", "aab"),
        (#"^\d+\.\d+$"#, "1.25"), (#"^[\w.-]+$"#, "a_b.c-d"), (#"^[^\s/]+$"#, "ab"), ("(?i)^ABC$", "aBc"),
        ("^[[:alpha:]]+$", "Ab"), ("^(?:a|b)*$", ""), ("^(?P<name>x)$", "x"), (#"\bfoo\b"#, "a foo b"),
        (#"^\x41\x{1F600}$"#, "A\u{1F600}"), ("^[]a]$", "]"), ("^[a-]$", "-"), ("^a{,2}$", "a{,2}"),
        ("(?m)^b$", "a\nb\nc"), ("(?s)^a.b$", "a\nb"), ("^(a*)*$", "aaa"), ("^.$", "é"), (#"^\.\$$"#, ".$"),
        ("^$", ""), ("^(|a)b$", "b"),
    ]

    @Test("an expression matches what it describes", arguments: matching)
    func matches(_ pattern: String, _ text: String) throws {
        #expect(try LinearPattern(pattern).matches(text))
    }

    static let failing: [(String, String)] = [
        ("^a.c$", "a\nc"), ("^a{2,3}$", "aaaa"), ("^a{2}$", "a"), ("^[^a-c]$", "b"), (#"^\D$"#, "7"), ("^ABC$", "abc"),
        ("^[[:^digit:]]$", "3"), ("^a$", "a\n"), ("(a|b)c$", "ab"), (#"\Bfoo"#, "foo"), ("^(?i:a)b$", "AB"),
        ("^.$", "ab"), ("x", ""), (#"^[\W]$"#, "_"),
    ]

    @Test("and nothing else", arguments: failing)
    func fails(_ pattern: String, _ text: String) throws {
        #expect(try !LinearPattern(pattern).matches(text))
    }

    static let wrong: [(String, String)] = [
        ("a(", "missing closing ): `a(`"), ("a)", "unexpected ): `a)`"), ("[a", "missing closing ]: `[a`"),
        ("*a", "missing argument to repetition operator: `*`"), ("a**", "invalid nested repetition operator: `**`"),
        ("a{1001}", "invalid repeat count: `{1001}`"), ("a{3,2}", "invalid repeat count: `{3,2}`"),
        ("[z-a]", "invalid character class range: `z-a`"), (#"\y"#, #"invalid escape sequence: `\y`"#),
        ("(?=a)", "invalid or unsupported Perl syntax: `(?=`"),
        (#"a\"#, "trailing backslash at end of expression: ``"),
        ("((a{100}){100}){100}", "expression too large: `((a{100}){100}){100}`"),
    ]

    @Test("what is no expression is told in the words of Go's parser", arguments: wrong)
    func refuses(_ pattern: String, _ message: String) throws {
        let error = try #require(throws: PatternError.self) { try LinearPattern(pattern) }
        #expect(error.description == "error parsing regexp: \(message)")
    }

    @Test("an expression that a backtracking matcher never finishes costs its length only", .timeLimit(.minutes(1)))
    func staysLinear() throws {
        let text = String(repeating: "a", count: 5_000) + "b"
        #expect(try !LinearPattern("^(a+)+$").matches(text))
        #expect(try !LinearPattern("^(a|a?)+$").matches(text))
    }

    @Test("every format has an expression that can be read")
    func readsFormats() {
        for format in ValueFormat.allCases { #expect(!format.holds(for: "\u{1}"), "\(format)") }
    }
}
