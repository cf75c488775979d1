import ClusterAPI
import EgressSelection
import NetworkTypes
import Testing

/// With which source address, and by which node, what a pod sends leaves the cluster.
@Suite struct DepartureTests {
    private static let web = Objects.key("shop", "web")

    private static func departure(
        _ family: IPAddress.Family = .v4, on node: String? = "one", knowsHolders: Bool = true,
        reached: Set<String> = ["a", "b"], _ change: (inout EgressSelection) -> Void
    ) -> Departure? {
        var selection = EgressSelection()
        selection.upsert(Objects.namespace("shop"))
        selection.upsert(Objects.pod("shop", "web"))
        change(&selection)
        _ = selection.settle()
        return selection.departure(
            of: web, on: node, family, knowsHolders: knowsHolders, isReached: reached.contains)
    }

    @Test("a pod for which nobody asks leaves as its node, and one that is its node is not spoken of")
    func unselected() {
        #expect(Self.departure { _ in }?.description == "leaves with the address of its node, one")
        #expect(Self.departure(on: nil) { _ in }?.description == "leaves with the address of its node")
        let gone = Self.departure { $0.removePod(Self.web) }
        #expect(gone == nil)
    }

    @Test("it says address, node and owner; of several addresses of one node the first")
    func placed() {
        let one = Self.departure {
            $0.upsert(Objects.egressIP("partner", ["192.0.2.7", "192.0.2.8", "fd00::7"]))
            $0.upsert(Objects.node("a", ["192.0.2.8", "192.0.2.7", "fd00::7"]))
        }
        #expect(one?.description == "leaves as 192.0.2.7 by a (EgressIP partner)")
        let several = Self.departure {
            $0.upsert(Objects.netNamespace("shop", ["192.0.2.8", "192.0.2.7", "192.0.2.9"]))
            $0.upsert(Objects.node("a", ["192.0.2.7"]))
            $0.upsert(Objects.node("b", ["192.0.2.8", "192.0.2.9"]))
        }
        #expect(several?.description == "leaves as 192.0.2.8 by b or 192.0.2.7 by a (NetNamespace shop)")
    }

    @Test("the pod's own node is used alone if it holds an address, though no overlay leads to it")
    func own() {
        let departure = Self.departure(on: "one") {
            $0.upsert(Objects.zone("inner", ["192.0.2.7", "192.0.2.8"]))
            $0.upsert(Objects.node("a", ["192.0.2.7"]))
            $0.upsert(Objects.node("one", ["192.0.2.8"]))
        }
        #expect(departure?.description == "leaves as 192.0.2.8 by one (Zone inner)")
    }

    private static let closed = "drop_no_egress_address: nothing leaves without an address of EgressIP partner: "

    @Test("what keeps it from leaving is named: nobody has it, two ask, two have it, another family, nothing to read")
    func reasons() {
        let table: [(String, (inout EgressSelection) -> Void)] = [
            ("192.0.2.7 is held by no node", { $0.upsert(Objects.egressIP("partner", ["192.0.2.7"])) }),
            (
                "192.0.2.7 is asked for by EgressIP partner, NetNamespace bank: nobody has it until one alone does",
                {
                    $0.upsert(Objects.egressIP("partner", ["192.0.2.7"]))
                    $0.upsert(Objects.netNamespace("bank", ["192.0.2.7"]))
                    $0.upsert(Objects.node("a", ["192.0.2.7"]))
                }
            ),
            (
                "192.0.2.7 is held by EgressNodes a, b: nobody has it until one alone does",
                {
                    $0.upsert(Objects.egressIP("partner", ["192.0.2.7"]))
                    $0.upsert(Objects.node("a", ["192.0.2.7"]))
                    $0.upsert(Objects.node("b", ["192.0.2.7"]))
                }
            ),
            (
                "it asks for no IPv4 address",
                {
                    $0.upsert(Objects.egressIP("partner", ["fd00::7"]))
                    $0.upsert(Objects.node("a", ["fd00::7"]))
                }
            ),
            (
                "the object cannot be read: it may select any pod",
                { $0.upsert(EgressIP(name: "partner", spec: nil)) }
            ),
            (
                "192.0.2.7 is held by lost, to which no overlay leads",
                {
                    $0.upsert(Objects.egressIP("partner", ["192.0.2.7"]))
                    $0.upsert(Objects.node("lost", ["192.0.2.7"]))
                }
            ),
        ]
        for (reason, change) in table {
            #expect(Self.departure { change(&$0) }?.description == Self.closed + reason)
        }
    }

    @Test("where no EgressNode was read, what is asked for is known, and who holds it is not")
    func manifests() {
        let asked: (inout EgressSelection) -> Void = { $0.upsert(Objects.egressIP("partner", ["192.0.2.7"])) }
        #expect(
            Self.departure(knowsHolders: false) { asked(&$0) }?.description
                == "leaves as 192.0.2.7 (EgressIP partner), by which node no EgressNode says here")
        let twice = Self.departure(knowsHolders: false) {
            asked(&$0)
            $0.upsert(Objects.egressIP("other", ["192.0.2.7"], namespaces: ["is": "not"]))
        }
        #expect(twice?.isClosed == true)
        #expect(Self.departure(.v6, knowsHolders: false) { asked(&$0) }?.isClosed == true)
    }
}
