import Foundation
import Testing

/// One source file of the checkout.
struct SourceFile: CustomTestStringConvertible, Sendable {
    /// Relative to the checkout, such as `Sources/Values/NetworkTypes/CIDR.swift`.
    let path: String
    let lines: [String]

    var testDescription: String { path }
    var layer: String { component(1) }
    var target: String { component(2) }

    /// The modules this file imports.
    var imports: [String] {
        lines.compactMap { line in
            var words = line.split(separator: " ").map(String.init)
            if let first = words.first, ["package", "public", "internal", "private", "@preconcurrency"].contains(first)
            {
                words.removeFirst()
            }
            return words.count >= 2 && words[0] == "import" ? words[1] : nil
        }
    }

    private func component(_ index: Int) -> String {
        let parts = path.split(separator: "/")
        return parts.count > index ? String(parts[index]) : ""
    }
}

/// The checkout that this test was built from.
enum SourceTree {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    static let sources = swiftFiles(below: "Sources")
    static let tests = swiftFiles(below: "Tests")

    /// The names of the targets in these layers.
    static func targets(of layers: Set<String>) -> Set<String> {
        Set(sources.filter { layers.contains($0.layer) }.map(\.target))
    }

    private static func swiftFiles(below folder: String) -> [SourceFile] {
        let names = FileManager.default.enumerator(atPath: root + "/" + folder)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix(".swift") }.sorted().compactMap { name in
            guard let text = try? String(contentsOfFile: "\(root)/\(folder)/\(name)", encoding: .utf8) else {
                return nil
            }
            return SourceFile(path: "\(folder)/\(name)", lines: text.components(separatedBy: "\n"))
        }
    }
}
