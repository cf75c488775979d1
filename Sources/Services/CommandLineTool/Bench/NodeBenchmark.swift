import APIMachinery
import ClusterAPI
import DatapathCompiler
import NFTables
import NetworkTypes
import NodeModel
import PolicyEngine

/// Times a node's whole way from an event to the transaction for its kernel, with every tier at work.
///
/// That is what the agent does but for the kernel's part. Meaningful in a release build only.
package enum NodeBenchmark {
    package struct Figures: Sendable {
        /// Every object into an empty model, and the first datapath out of it.
        package let compile: Duration
        /// One pod's coming or going, somewhere in the cluster or on this node.
        package let podEvent: Percentiles
        package let localPodEvent: Percentiles
        /// One namespace's labels, by which zones and policies select.
        package let labelEvent: Percentiles
        /// The ports of one cluster-wide policy; one that comes to be about others; one that is added, or taken away.
        package let portEvent: Percentiles
        package let subjectEvent: Percentiles
        package let addedEvent: Percentiles
        /// One about every pod that is added, or taken away.
        package let globalEvent: Percentiles
        /// A hole more or less in a zone.
        package let holeEvent: Percentiles
        /// A project that goes to another network.
        package let projectEvent: Percentiles
        package let chains: Int
    }

    package static let localPods = 200

    package static func run(namespaces: Int, pods: Int, policies: Int) -> Figures {
        let world = SyntheticTiers(namespaces: namespaces, pods: pods, policies: policies)
        var node = Node(world)
        let compile = ContinuousClock().measure { node.load() }
        let admins = world.admins.indices.filter { !$0.isMultiple(of: 50) }
        return Figures(
            compile: compile,
            podEvent: node.podEvents(localPods..<pods, count: 300),
            localPodEvent: node.podEvents(0..<localPods, count: 200),
            labelEvent: node.time(300) { index, model in
                var namespace = world.namespaces[index * 13 % namespaces]
                namespace.metadata.labels?["team"] = "team-\(index * 31 % 100)"
                model.upsert(namespace)
            },
            portEvent: node.time(admins.count) { index, model in
                model.upsert(SyntheticTiers.admin(admins[index], of: namespaces, port: 9999))
            },
            subjectEvent: node.time(300) { index, model in
                let number = admins[index * 7 % admins.count]
                var policy = SyntheticTiers.admin(number, of: namespaces)
                policy.spec?.subject = SyntheticTiers.subject(Self.notGlobal(number + 1 + index), of: namespaces)
                model.upsert(policy)
            },
            addedEvent: node.time(300) { index, model in
                Self.comeAndGo(index, Self.notGlobal(index / 3), namespaces, &model)
            },
            globalEvent: node.time(60) { index, model in Self.comeAndGo(index, 50 * (index / 3), namespaces, &model) },
            holeEvent: node.time(60) { index, model in
                model.upsert(SyntheticDivision.zone(index % 3, holes: 19 + index / 3 % 2))
            },
            projectEvent: node.time(300) { index, model in
                let project = index * 17 % namespaces
                model.upsert(SyntheticDivision.netNamespace(project, movedTo: UInt32(100 + index * 7 % 500)))
            }, chains: node.compiler.datapath.table.chains.count)
    }

    private static func notGlobal(_ index: Int) -> Int { index.isMultiple(of: 50) ? index + 1 : index }

    /// An AdminNetworkPolicy that comes, a NetworkPolicy that comes, and the first that goes again.
    private static func comeAndGo(_ step: Int, _ number: Int, _ namespaces: Int, _ model: inout NodeModel) {
        var policy = SyntheticTiers.admin(number, of: namespaces)
        policy.metadata.name = "added-\(step / 3)"
        switch step % 3 {
        case 0: model.upsert(policy)
        case 1:
            let namespace = "project-\(number * 7 % namespaces)"
            model.upsert(
                NetworkPolicy(
                    metadata: ObjectMeta(name: "added-\(step)", namespace: namespace),
                    spec: NetworkPolicySpec(
                        podSelector: LabelSelector(), ingress: [.init(from: [.init(podSelector: LabelSelector())])])))
        default: model.removeAdminNetworkPolicy(policy.key.name)
        }
    }
}

extension NodeBenchmark {
    /// A node with its compiler, and what its kernel would have.
    private struct Node {
        let world: SyntheticTiers
        let pods: [Pod]
        var model = NodeModel(nodeName: "node-0")
        var compiler = DatapathCompiler()

        init(_ world: SyntheticTiers) {
            self.world = world
            pods = world.pods.enumerated().map { index, pod in
                var pod = pod
                if index < NodeBenchmark.localPods { pod.spec?.nodeName = "node-0" }
                if index >= NodeBenchmark.localPods, index.isMultiple(of: 100) { pod.spec?.nodeName = "node-1" }
                return pod
            }
        }

        mutating func load() {
            let division = SyntheticDivision(world)
            if let now = APITime(SyntheticDivision.moment) { model.setTime(now) }
            model.upsert(division.network)
            for netNamespace in division.netNamespaces { model.upsert(netNamespace) }
            for zone in division.zones { model.upsert(zone) }
            for namespace in world.namespaces { model.upsert(namespace) }
            for node in world.nodes { model.upsert(node) }
            for policy in world.networkPolicies { model.upsert(policy) }
            for policy in world.admins { model.upsert(policy) }
            for policy in world.clusters { model.upsert(policy) }
            model.upsert(world.baseline)
            for pod in pods { model.upsert(pod) }
            for (index, pod) in pods.prefix(NodeBenchmark.localPods).enumerated() {
                model.attach(Self.attachment(index, pod))
            }
            settle()
        }

        /// To the transaction that the kernel would get.
        mutating func settle() {
            let applied = compiler.datapath.table
            let changes = model.settle()
            let delta = compiler.update(model.state, changes)
            _ = delta.transaction(from: applied, to: compiler.datapath.table).lines.count
        }

        mutating func time(_ count: Int, _ event: (Int, inout NodeModel) -> Void) -> Percentiles {
            Percentiles(
                (0..<count).map { index in
                    ContinuousClock().measure {
                        event(index, &model)
                        settle()
                    }
                })
        }

        /// One goes, and comes again with another label.
        mutating func podEvents(_ range: Range<Int>, count: Int) -> Percentiles {
            let pods = pods
            return time(count) { index, model in
                var pod = pods[range.lowerBound + index / 2 * 7 % range.count]
                if index.isMultiple(of: 2) {
                    model.removePod(pod.key)
                } else {
                    pod.metadata.labels?["app"] = "app-9"
                    model.upsert(pod)
                }
            }
        }

        private static func attachment(_ index: Int, _ pod: Pod) -> PodAttachment {
            let addresses = pod.addressTexts.compactMap { IPAddress($0) }
            let digits = String(index, radix: 16)
            return PodAttachment(
                pod: pod.key, containerID: "c\(index)",
                interface: "gab" + String(repeating: "0", count: 12 - digits.count) + digits, addresses: addresses,
                mac: addresses.first.map { MACAddress(derivedFrom: $0) } ?? MACAddress(bits: 0))
        }
    }
}
