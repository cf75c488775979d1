import LinkState
import NFTables
import NameLearning
import NetworkTypes
import Testing

@Suite("The way of answers")
struct NameTableTests {
    @Test("each family has its pods, its servers and its way; rules are the same whoever they are")
    func families() {
        let pods: Set<IPAddress> = [TestPackets.pod, TestPackets.podV6]
        let table = NameTable.table(clients: pods, servers: [TestPackets.server])
        #expect(table.sets[NameTable.clients(.v4)]?.elements == ElementKey.addresses([TestPackets.pod]))
        #expect(table.sets[NameTable.clients(.v6)]?.elements == ElementKey.addresses([TestPackets.podV6]))
        #expect(table.sets[NameTable.servers(.v6)]?.elements.isEmpty == true)
        #expect(table.chains == NameTable.table(clients: [], servers: []).chains)
        #expect(NameTable.rules.map(\.family) == [.v4, .v6] && NameTable.routes.count == 2)
    }
}
