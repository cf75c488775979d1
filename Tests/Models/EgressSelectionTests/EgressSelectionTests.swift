import ClusterAPI
import EgressSelection
import NetworkTypes
import Testing

@Suite struct EgressSelectionTests {
    private static let web = Objects.key("shop", "web")

    /// A cluster with one pod, shop/web, in a namespace with the label team=red.
    private static func selection(_ change: (inout EgressSelection) -> Void) -> EgressSelection {
        var selection = EgressSelection()
        selection.upsert(Objects.namespace("shop", ["team": "red"]))
        selection.upsert(Objects.pod("shop", "web", ["app": "web"]))
        change(&selection)
        _ = selection.settle()
        return selection
    }

    @Test("nobody is selected without being asked for")
    func unselected() {
        #expect(Self.selection { $0.upsert(Objects.node("a", ["192.0.2.1"])) }[Self.web] == nil)
        #expect(Self.selection { $0.upsert(Objects.netNamespace("shop", [])) }[Self.web] == nil)
        #expect(Self.selection { $0.upsert(Objects.netNamespace("bank", ["192.0.2.1"])) }[Self.web] == nil)
    }

    @Test("a pod leaves with its owner's addresses that a node holds, in the owner's order")
    func order() {
        let selection = Self.selection {
            $0.upsert(Objects.netNamespace("shop", ["192.0.2.2", "fd00::1", "192.0.2.1", "192.0.2.3"]))
            $0.upsert(Objects.node("a", ["192.0.2.1", "192.0.2.9"]))
            $0.upsert(Objects.node("b", ["192.0.2.2", "fd00::1"]))
        }
        #expect(selection[Self.web]?.words == ["192.0.2.2 by b", "fd00::1 by b", "192.0.2.1 by a"])
        #expect(selection.problems(of: [Self.web]) == ["NetNamespace shop: 192.0.2.3 is held by no node"])
    }

    @Test("a NetNamespace goes before EgressIPs, and these go by name")
    func precedence() {
        var selection = Self.selection {
            $0.upsert(Objects.egressIP("b", ["192.0.2.2"]))
            $0.upsert(Objects.egressIP("a", ["192.0.2.1"], pods: ["app": "other"]))
            $0.upsert(Objects.egressIP("c", ["192.0.2.3"], namespaces: ["team": "red"], pods: ["app": "web"]))
        }
        #expect(selection[Self.web]?.owner == .egressIP("b"))
        selection.removeEgressIP("b")
        #expect(selection.settle() == [Self.web])
        #expect(selection[Self.web]?.owner == .egressIP("c"))
        selection.upsert(Objects.netNamespace("shop", ["192.0.2.4"]))
        _ = selection.settle()
        #expect(selection[Self.web]?.owner == .netNamespace("shop"))
        selection.removeNetNamespace("shop")
        selection.upsert(Objects.namespace("shop", ["team": "blue"]))
        _ = selection.settle()
        #expect(selection[Self.web] == nil)
    }

    @Test("a zone's pods leave by its way, unless a NetNamespace or an EgressIP says otherwise")
    func zones() {
        var selection = Self.selection {
            $0.upsert(Objects.zone("inner", ["192.0.2.1", "fd00::1"], namespaces: ["team": "red"]))
            $0.upsert(Objects.node("a", ["192.0.2.1", "192.0.2.2"]))
        }
        #expect(selection[Self.web]?.words == ["192.0.2.1 by a"])
        #expect(selection.problems(of: [Self.web]) == ["Zone inner: fd00::1 is held by no node"])
        selection.upsert(Objects.egressIP("e", ["192.0.2.2"]))
        _ = selection.settle()
        #expect(selection[Self.web]?.owner == .egressIP("e"))
        selection.removeEgressIP("e")
        selection.upsert(Objects.zone("inner", ["192.0.2.1"], namespaces: ["team": "blue"]))
        _ = selection.settle()
        #expect(selection[Self.web] == nil)
        // One that says nothing about egress is none of ours, and one that cannot be read may be anybody's.
        selection.upsert(Zone(name: "inner", spec: ZoneSpec(order: 1, namespaceSelector: LabelSelector())))
        _ = selection.settle()
        #expect(selection[Self.web] == nil)
        selection.upsert(Zone(name: "inner", spec: nil))
        _ = selection.settle()
        #expect(selection[Self.web]?.active == [])
        selection.removeZone("inner")
        _ = selection.settle()
        #expect(selection[Self.web] == nil)
    }

    @Test("an address that two ask for, or two hold, is nobody's, and says why")
    func conflicts() {
        var selection = Self.selection {
            $0.upsert(Objects.netNamespace("shop", ["192.0.2.1", "192.0.2.2"]))
            $0.upsert(Objects.egressIP("other", ["192.0.2.1"], namespaces: ["team": "none"]))
            $0.upsert(Objects.node("a", ["192.0.2.1", "192.0.2.2"]))
            $0.upsert(Objects.node("b", ["192.0.2.2"]))
        }
        #expect(selection[Self.web]?.active == [])
        #expect(
            selection.problems(of: [Self.web]) == [
                "NetNamespace shop: 192.0.2.1 is asked for by EgressIP other, NetNamespace shop: nobody has it until one"
                    + " alone does",
                "NetNamespace shop: 192.0.2.2 is held by EgressNodes a, b: nobody has it until one alone does",
                "NetNamespace shop: no address is active: what its pods send out of the cluster is dropped",
            ])
        selection.removeEgressIP("other")
        selection.removeEgressNode("a")
        selection.upsert(Objects.node("b", ["192.0.2.2", "192.0.2.1"]))
        _ = selection.settle()
        #expect(selection[Self.web]?.words == ["192.0.2.1 by b", "192.0.2.2 by b"])
        #expect(selection.problems(of: [Self.web]) == [])
    }

    @Test("what cannot be understood closes whom it may be about")
    func unreadable() {
        for change: (inout EgressSelection) -> Void in [
            { $0.upsert(EgressIP(name: "a", spec: nil)) },
            { $0.closeNetNamespace("shop") },
            { $0.upsert(Objects.netNamespace("shop", ["192.0.2.300"])) },
            { $0.upsert(Objects.egressIP("a", ["example.com"])) },
            {
                $0.upsert(Objects.node("a", ["192.0.2.1"]))
                var strange = Objects.egressIP("a", ["192.0.2.1"])
                strange.spec?.podSelector = LabelSelector(matchExpressions: [
                    .init(key: "app", operator: .unknown("Like"), values: ["w*"])
                ])
                $0.upsert(strange)
            },
        ] {
            let selection = Self.selection(change)
            #expect(selection[Self.web] != nil)
            #expect(selection[Self.web]?.active == [])
            #expect(selection.problems(of: [Self.web]).count == 2)
        }
    }

    @Test("pods in the host's network and pods that have ended are not selected")
    func exempt() {
        let selection = Self.selection {
            $0.upsert(Objects.netNamespace("shop", ["192.0.2.1"]))
            var host = Objects.pod("shop", "host")
            host.spec?.hostNetwork = true
            $0.upsert(host)
            var job = Objects.pod("shop", "web")
            job.status?.phase = "Succeeded"
            $0.upsert(job)
        }
        #expect(selection.selected.isEmpty)
    }
}
