import ClusterAPI
package import Foundation

extension ManifestReader {
    /// The objects of one file's bytes: YAML or JSON, one or several documents, lists unfolded.
    package static func parse(_ data: Data, file: String) throws(ManifestError) -> [ManifestObject] {
        guard var text = String(data: data, encoding: .utf8) else {
            throw ManifestError(file: file, message: "is not UTF-8 text")
        }
        if text.unicodeScalars.first == "\u{FEFF}" { text = String(text.unicodeScalars.dropFirst()) }
        text.makeContiguousUTF8()
        var objects: [ManifestObject] = []
        for document in try documents(text, file: file) where !document.isNull {
            try append(document, to: &objects, file: file, inherited: nil)
        }
        return objects
    }

    /// A text that opens with `{` is JSON, or else YAML's flow style.
    private static func documents(_ text: String, file: String) throws(ManifestError) -> [ManifestNode] {
        let first = text.utf8.first { $0 != 32 && $0 != 9 && $0 != 10 && $0 != 13 }
        guard first == UInt8(ascii: "{") else { return try YAMLDocuments.parse(text, file: file) }
        do {
            return try JSONDocuments.parse(text, file: file)
        } catch {
            if file.lowercased().hasSuffix(".json") { throw error }
            guard let flow = try? YAMLDocuments.parse(text, file: file) else { throw error }
            return flow
        }
    }

    /// Adds an object, or what is in it if it is a list; `inherited` is what a typed list says of its items.
    private static func append(
        _ node: ManifestNode, to objects: inout [ManifestObject], file: String,
        inherited: (apiVersion: String, kind: String)?
    ) throws(ManifestError) {
        guard node.entries != nil else {
            throw ManifestError(
                file: file, line: node.line, message: "an object is missing here; \(node.kindText) is none")
        }
        let apiVersion = try text("apiVersion", of: node, file: file) ?? inherited?.apiVersion ?? ""
        let kind = try text("kind", of: node, file: file) ?? inherited?.kind ?? ""
        if kind.isEmpty { throw ManifestError(file: file, line: node.line, message: "the object has no kind") }
        if apiVersion.isEmpty {
            throw ManifestError(file: file, line: node.line, object: kind, message: "the object has no apiVersion")
        }
        if kind.hasSuffix("List"), let items = node["items"], items.isNull || items.elements != nil {
            let item = kind == "List" ? nil : (apiVersion, String(kind.dropLast(4)))
            for element in items.elements ?? [] {
                try append(element, to: &objects, file: file, inherited: item)
            }
            return
        }
        let metadata = node["metadata"]
        let key = ObjectKey(namespace: metadata?["namespace"]?.string ?? "", name: metadata?["name"]?.string ?? "")
        objects.append(
            ManifestObject(file: file, apiVersion: apiVersion, kind: kind, key: key, node: node))
    }

    private static func text(_ name: String, of node: ManifestNode, file: String) throws(ManifestError) -> String? {
        guard let entry = node.entry(name), !entry.value.isNull else { return nil }
        guard let text = entry.value.string else {
            throw ManifestError(
                file: file, line: entry.line, field: name, message: "must be a text, not \(entry.value.kindText)")
        }
        return text
    }
}
