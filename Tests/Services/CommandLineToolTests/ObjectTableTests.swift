import ClusterAPI
import Foundation
import KubernetesClient
import Testing

@testable import CommandLineTool

@Suite("tables of gabion get")
struct ObjectTableTests {
    private static func table() throws -> Table {
        try JSONDecoder().decode(
            Table.self,
            from: Data(
                """
                {"columnDefinitions":[{"name":"Name","type":"string"},{"name":"Node","type":"string","priority":1},
                 {"name":"Ready","type":"boolean"}],
                 "rows":[{"cells":["web","n1",true],"object":{"metadata":{"namespace":"shop"}}}]}
                """.utf8))
    }

    @Test("show what the server shows by default, with the namespace when there are several")
    func columns() throws {
        #expect(ObjectTable(try Self.table(), showsNamespace: false).text == "NAME  READY\nweb   True\n")
        #expect(
            ObjectTable(try Self.table(), showsNamespace: true).text
                == "NAMESPACE  NAME  READY\nshop       web   True\n")
    }

    @Test("say the kind beside each name where several kinds follow each other")
    func kinds() throws {
        let text = ObjectTable(try Self.table(), showsNamespace: false, kind: "pod").text
        #expect(text == "NAME     READY\npod/web  True\n")
    }
}
