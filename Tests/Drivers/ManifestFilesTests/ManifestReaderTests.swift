import ClusterAPI
import Foundation
import ManifestFiles
import Testing

/// Documents, lists, kinds, lines and faults.
@Suite struct ManifestReaderTests {
    private func parse(_ text: String, _ file: String = "f.yaml") throws(ManifestError) -> [ManifestObject] {
        try ManifestReader.parse(Data(text.utf8), file: file)
    }

    @Test("a pipe named as a file is read to its end, as a shell gives it for <(command)")
    func pipes() throws {
        let pipe = Pipe()
        try pipe.fileHandleForWriting.write(
            contentsOf: Data("{apiVersion: v1, kind: Namespace, metadata: {name: n}}".utf8))
        try pipe.fileHandleForWriting.close()
        let path = "/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)"
        #expect(try ManifestReader().read([path]).map(\.kind) == ["Namespace"])
        #expect(try InputFile.read("/dev/null").isEmpty)
        for wrong in ["/nonexistent", "/tmp"] { #expect(throws: (any Error).self) { try InputFile.read(wrong) } }
    }

    @Test("documents, Lists and typed lists are unfolded in order, each object with its line")
    func unfolding() throws {
        let objects = try parse(
            """
            # comment
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: n}
            ---
            apiVersion: v1
            kind: List
            items:
            - apiVersion: v1
              kind: Pod
              metadata: {name: p, namespace: n}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicyList
            items:
            - metadata: {name: np, namespace: n}
            - metadata: {name: nq, namespace: n}
            ---
            """)
        #expect(objects.map(\.title) == ["Namespace n", "Pod n/p", "NetworkPolicy n/np", "NetworkPolicy n/nq"])
        #expect(objects.map(\.line) == [3, 10, 17, 18])
        #expect(objects[3].isKind(of: NetworkPolicy.self))
        #expect(try objects[1].decode(Pod.self).key == ObjectKey(namespace: "n", name: "p"))
    }

    @Test(
        "short documents, byte order marks and CRLF keep their lines",
        arguments: [
            "apiVersion: v1\nkind: A", "\u{FEFF}apiVersion: v1\r\nkind: A\r\n", "{apiVersion: v1, kind: A}",
            "{\"apiVersion\":\"v1\",\"kind\":\"A\"}",
        ])
    func shortDocuments(text: String) throws {
        let objects = try parse(text)
        #expect(objects.map(\.kind) == ["A"])
        #expect(objects.map(\.line) == [1])
    }

    @Test("anchors, aliases and merge keys unfold")
    func aliases() throws {
        let objects = try parse(
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: p
              labels: &labels {app: web, tier: front}
              annotations: {<<: *labels, tier: back}
            """)
        let metadata = objects.first?.value["metadata"]
        #expect(metadata?["annotations"] == ["app": "web", "tier": "back"])
    }

    @Test("the old policy version is a NetworkPolicy; a kind of another group is not")
    func versions() throws {
        let objects = try parse(
            "{apiVersion: extensions/v1beta1, kind: NetworkPolicy, metadata: {name: a}}\n---\n"
                + "{apiVersion: crd.example.com/v1, kind: NetworkPolicy, metadata: {name: a}}")
        #expect(objects.map { $0.isKind(of: NetworkPolicy.self) } == [true, false])
        #expect(try objects[0].decode(NetworkPolicy.self).key == ObjectKey(namespace: "default", name: "a"))
    }

    static let faults: [(String, String)] = [
        ("kind: A\n", "f.yaml:1: A: the object has no apiVersion"),
        ("apiVersion: v1\n", "f.yaml:1: the object has no kind"),
        ("a: 1\na: 2\n", "f.yaml:1: the key \"a\" is written twice"),
        ("- 1\n", "f.yaml:1: an object is missing here; a list is none"),
        ("apiVersion: v1\nkind: 5\n", "f.yaml:2: kind: must be a text, not the number 5"),
        ("apiVersion: v1\nkind: List\nitems:\n- 7\n", "f.yaml:4: an object is missing here; the number 7 is none"),
        ("{\"a\": 1,}", "f.yaml:1: not JSON: a key in double quotes is missing"),
    ]

    @Test("what is no manifest is refused with its line", arguments: faults)
    func fault(text: String, message: String) {
        let file = text.hasPrefix("{") ? "f.json" : "f.yaml"
        #expect(throws: ManifestError.self) { try parse(text, file) }
        do {
            _ = try parse(text, file)
        } catch {
            #expect(error.description == message.replacing("f.yaml", with: file))
        }
    }

    static let fieldFaults: [(String, String)] = [
        (
            "metadata: {name: p, labels: {a: 5}}",
            "f.yaml:3: Pod p: metadata.labels.a: must be a text, not the number 5; put it in quotes"
        ),
        (
            "metadata: {name: p, labels: {a: yes}}",
            "f.yaml:3: Pod p: metadata.labels.a: must be a text, not the flag true; put it in quotes"
        ),
        (
            "metadata: {name: p}\nspec:\n  containers:\n  - name: c\n    ports:\n    - containerPort: http",
            "f.yaml:8: Pod p: spec.containers[0].ports[0].containerPort: must be a whole number, not the text \"http\""
        ),
        (
            "metadata: {name: p}\nspec:\n  containers:\n  - image: c",
            "f.yaml:6: Pod p: spec.containers[0].name: is required"
        ),
        (
            "metadata: {name: p}\nspec:\n  containers: {}",
            "f.yaml:5: Pod p: spec.containers: must be a list, not an object"
        ),
        ("spec: {}", "f.yaml:1: Pod: metadata: is required"),
    ]

    @Test("a field of the wrong type is refused with its line and path", arguments: fieldFaults)
    func fieldFault(text: String, message: String) throws {
        let objects = try parse("apiVersion: v1\nkind: Pod\n" + text + "\n")
        let object = try #require(objects.first)
        do throws(ManifestError) {
            _ = try object.decode(Pod.self)
            Issue.record("decoded")
        } catch {
            #expect(error.description == message)
        }
    }

    @Test("folders are read with their folders, sorted, and only manifests in them")
    func folders() throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("gabion-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        try FileManager.default.createDirectory(
            at: root.appendingPathComponent("b"), withIntermediateDirectories: true)
        for name in ["z.yaml", "a.yml", "b/m.json", "notes.txt"] {
            let text = "{\"apiVersion\": \"v1\", \"kind\": \"Namespace\", \"metadata\": {\"name\": \"\(name)\"}}"
            try Data(text.utf8).write(to: root.appendingPathComponent(name))
        }
        let reader = ManifestReader(standardInput: { Data("{apiVersion: v1, kind: Last}".utf8) })
        let objects = try reader.read([root.path, "-"])
        #expect(objects.map(\.key.name) == ["a.yml", "b/m.json", "z.yaml", ""])
        #expect(objects.last?.file == "-")
    }

    @Test("every faulty file is named, and nothing is returned")
    func allFaults() {
        let reader = ManifestReader(standardInput: { Data("kind: [".utf8) })
        do throws(ManifestErrors) {
            _ = try reader.read(["/nonexistent/a", "-"])
            Issue.record("read")
        } catch {
            #expect(error.errors.map(\.file) == ["/nonexistent/a", "-"])
        }
    }
}
