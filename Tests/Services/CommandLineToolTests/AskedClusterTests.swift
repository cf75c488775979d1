import ClusterAPI
import Foundation
import KubernetesClient
import Lab
import NodeAgent
import TestSupport
import Testing

@testable import CommandLineTool

@Suite("the cluster that gabion status is about")
struct AskedClusterTests {
    private static func cluster(_ server: String, authority: String? = nil) throws -> ClusterConfiguration {
        var configuration = try ClusterConfiguration(serverText: server, origin: "test")
        configuration.certificateAuthority = authority.map { .bytes(Array($0.utf8)) }
        return configuration
    }

    private static let pairs: [(String, String?, String, String?, Bool)] = [
        ("https://127.0.0.1:1", "a", "https://127.0.0.1:1", "a", true),
        // The same port again, after another server had it.
        ("https://127.0.0.1:1", "a", "https://127.0.0.1:1", "b", false),
        // One server, called by two names.
        ("https://127.0.0.1:1", "a", "https://lab.example:1", "a", true),
        ("unix:///run/a.sock", nil, "unix:///run/a.sock", nil, true),
        ("unix:///run/a.sock", nil, "unix:///run/b.sock", nil, false),
        ("https://127.0.0.1:1", "a", "https://127.0.0.1:1", nil, true),
        ("https://127.0.0.1:1", "a", "https://127.0.0.1:2", nil, false),
    ]

    @Test("a cluster is known by its authority, and by its address where no authority is named", arguments: pairs)
    func identity(one: String, mine: String?, other: String, theirs: String?, isSame: Bool) throws {
        let (first, second) = (
            try Self.cluster(one, authority: mine), try Self.cluster(other, authority: theirs)
        )
        #expect(AskedCluster.isSameCluster(first, second) == isSame)
        #expect(AskedCluster.isSameCluster(second, first) == isSame)
    }

    @Test("an authority in a file is the same as one inside the kubeconfig")
    func authorityFile() throws {
        let directory = try TemporaryDirectory()
        var inFile = try Self.cluster("https://a:1")
        inFile.certificateAuthority = .file(try directory.write("ca", to: "ca.crt"))
        #expect(AskedCluster.isSameCluster(inFile, try Self.cluster("https://b:1", authority: "ca")))
        #expect(!AskedCluster.isSameCluster(inFile, try Self.cluster("https://b:1", authority: "other")))
    }

    @Test("a lab is told from the machine's other labs and from other clusters")
    func labs() throws {
        let labs = [LabDirectory(try LabName("cnone1")), LabDirectory(try LabName("cnone2"))]
        let second = AskedCluster(try Self.cluster("unix://\(labs[1].apiSocket)"), labs: labs)
        #expect(second.lab == labs[1] && second.otherLabs == [labs[0]])
        for configuration in [try Self.cluster("https://real.example:6443", authority: "real"), nil] {
            let other = AskedCluster(configuration, labs: labs)
            #expect(other.lab == nil && other.otherLabs == labs)
        }
    }

    @Test("the agent of this machine is shown for the cluster that has its node, or that does not answer")
    func agent() throws {
        let directory = try TemporaryDirectory()
        let cluster = AskedCluster(try Self.cluster("https://real.example:6443"), labs: [])
        func shown(_ nodes: Set<String>?) -> [String] {
            cluster.agentDirectories(standard: directory.path, nodes: nodes)
        }
        #expect(shown(nil) == [])
        try directory.write(
            String(decoding: try JSONEncoder().encode(AgentStatus(node: "n1")), as: UTF8.self), to: "status.json")
        #expect(shown(nil) == [directory.path])
        #expect(shown(["n0", "n1"]) == [directory.path])
        #expect(shown(["n0"]) == [])
        let line = AgentReport.line(directory.path)
        #expect(line.part == "agent n1" && line.condition == .silent && line.detail.contains("agent.sock"))
    }

    @Test("a finding is one JSON object, whatever is in it")
    func json() throws {
        let line = StatusLine(part: "node \"a\"", condition: .unwell, detail: "line\nline")
        let value = try JSONDecoder().decode(JSONValue.self, from: Data(line.json.utf8))
        #expect(value == ["part": "node \"a\"", "condition": "not ok", "detail": "line\nline"])
        #expect(line.text.contains("NOT OK"))
    }

    @Test("agents of other machines are named, a few of them")
    func elsewhere() throws {
        let directory = try TemporaryDirectory()
        let status = try JSONEncoder().encode(AgentStatus(node: "n1"))
        _ = try directory.write(String(decoding: status, as: UTF8.self), to: "status.json")
        #expect(AgentReport.unasked(nodes: ["n1"], directories: [directory.path]) == nil)
        let two = try #require(AgentReport.unasked(nodes: ["n1", "n3", "n2"], directories: [directory.path]))
        #expect(two.contains("not asked: n2, n3. "))
        let many = try #require(AgentReport.unasked(nodes: Set((1...9).map { "n\($0)" }), directories: []))
        #expect(many.contains("n1, n2, n3, n4, n5 and 4 more. "))
    }
}
