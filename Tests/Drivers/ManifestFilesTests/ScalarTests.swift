import ClusterAPI
import Foundation
import ManifestFiles
import Testing

/// Scalars as Kubernetes tools read them.
@Suite struct ScalarTests {
    static let cases: [(String, JSONValue)] = [
        ("text", "text"), ("\"5\"", "5"), ("'true'", "true"), ("5", 5), ("-5", -5), ("+5", 5), ("0", 0), ("0x1F", 31),
        ("0o17", 15), ("017", 15), ("0b101", 5), ("1_000", 1000), ("1.5", .double(1.5)), (".5", .double(0.5)),
        ("1e3", .double(1000)), ("-1.5e-3", .double(-0.0015)), ("9223372036854775807", .int(.max)),
        ("1.2.3.4", "1.2.3.4"), ("10.0.0.0/8", "10.0.0.0/8"), ("1-2", "1-2"), ("0x", "0x"), ("08", .double(8)),
        ("+", "+"), ("2026-01-01", "2026-01-01"), ("12:30:45", "12:30:45"), ("true", true), ("True", true),
        ("yes", true), ("on", true), ("y", "y"), ("N", "N"), ("No", false), ("off", false), ("FALSE", false),
        ("tRue", "tRue"),
        ("null", .null), ("~", .null), ("Null", .null), ("nULL", "nULL"), ("fd00::1", "fd00::1"), ("!!str 5", "5"),
        ("!!int 5", 5), (">-\n    folded\n    text", "folded text"), ("|\n    a\n    b\n", "a\nb\n"), ("5m", "5m"),
        ("0.5e", "0.5e"), ("nan", "nan"), ("_1", "_1"),
    ]

    @Test("a scalar is of the type that kubectl gives it", arguments: cases)
    func scalar(text: String, value: JSONValue) throws {
        let yaml = "apiVersion: v1\nkind: Thing\nmetadata: {name: a}\nvalue: \(text)\n"
        let objects = try ManifestReader.parse(Data(yaml.utf8), file: "t.yaml")
        #expect(objects.first?.value["value"] == value)
    }

    static let json: [(String, JSONValue)] = [
        ("\"a\\u00e9\\ud83d\\ude00\\n\\/\"", "aé😀\n/"), ("1.0", .double(1)), ("-0.5e2", .double(-50)), ("12", 12),
        ("[1, [], {}]", [1, [], [:]]), ("null", .null), ("\"5\"", "5"),
        ("18446744073709551616", .double(18_446_744_073_709_551_616)),
    ]

    @Test("JSON values are read as JSON", arguments: json)
    func jsonValue(text: String, value: JSONValue) throws {
        let document = "{\"apiVersion\": \"v1\", \"kind\": \"Thing\", \"value\": \(text)}"
        let objects = try ManifestReader.parse(Data(document.utf8), file: "t.json")
        #expect(objects.first?.value["value"] == value)
    }
}
