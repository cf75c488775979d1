package import ArgumentParser
import ClusterAPI
import Foundation
import Lab
import LinuxSystem

/// `gabion bench`: the figures of docs/performance.md, measured on this machine.
package struct BenchCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure Gabion on this machine, beside a plain bridge.",
        usage: "gabion bench [--only <part> ...] [<options>]",
        discussion: """
            Brings up a lab of two nodes and, beside it, two machines with Debian's
            bridge CNI plugin, and measures both in turns: throughput, connects and
            round trips with 0, 100 and 1,000 policies; how long a policy change takes
            to judge packets; 10,000 egress rules; services, up to 10,000 of them; names,
            told and forwarded; CNI ADD; the policy engine; the API server. Takes about
            eight minutes. All but --only engine needs root, iperf3 and
            containernetworking-plugins; figures mean something in a release build only.

              make bench
              gabion bench --only engine --only plugin
            """)

    package enum Part: String, ExpressibleByArgument, CaseIterable {
        case engine, traffic, egress, services, names, enforcement, plugin, api
    }

    @Option(help: ArgumentHelp("Measure only this part; may be repeated.", valueName: "part"))
    var only: [Part] = []

    @Option(help: ArgumentHelp("Write the measures to this file, as JSON.", valueName: "file"), completion: .file())
    var output: String?

    @Option(
        help: ArgumentHelp("Write the table into this Markdown file, between its markers.", valueName: "file"),
        completion: .file(extensions: ["md"]))
    var table: String?

    @Option(help: ArgumentHelp("How often each comparison is repeated.", valueName: "count"))
    var rounds = 9

    package init() {}

    package func validate() throws {
        guard rounds > 0 else { throw ValidationError("--rounds must be at least 1.") }
    }

    package func run() async throws {
        let parts = Set(only.isEmpty ? Part.allCases : only)
        var measures = parts.contains(.engine) ? Self.engine() : []
        if parts != [.engine] {
            try RootCheck.require(for: "gabion bench")
            measures += try await measureInLab(parts)
        }
        let table = BenchTable(measures: measures)
        print(table.markdown)
        if let output {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            try encoder.encode(measures).write(to: URL(filePath: output))
        }
        if let path = self.table {
            let before = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
            try table.written(into: before).write(toFile: path, atomically: true, encoding: .utf8)
        }
    }

    private static func engine() -> [BenchMeasure] {
        say("policy engine, 10,000 pods × 1,000 policies")
        let figures = EngineBenchmark.run(pods: 10_000, policies: 1000)
        return [
            .figure("engine: 10,000 pods × 1,000 policies compiled", figures.compile.milliseconds, "ms", below: 1000),
            .figure("engine: one pod event, p50", figures.podEvent.median.milliseconds, "ms"),
            .figure("engine: one pod event, p99", figures.podEvent.p99.milliseconds, "ms", below: 1),
            .figure("engine: one policy change, p99", figures.policyEvent.p99.milliseconds, "ms"),
            .figure("engine: one verdict by addresses", figures.verdict.milliseconds * 1000, "µs"),
        ] + tiers() + node() + matrix()
    }

    private static func tiers() -> [BenchMeasure] {
        say("policy engine, 1,000 namespaces, 10,000 pods, 2,000 policies in all tiers")
        let figures = TierBenchmark.run(namespaces: 1000, pods: 10_000, policies: 2000, live: true)
        return [
            .figure("tiers: 10,000 pods × 2,000 policies compiled", figures.compile.milliseconds, "ms", below: 2000),
            .figure("tiers: memory at its peak", Double(figures.peakMegabytes), "MiB", below: 1024),
            .figure("tiers: one pod event, p99", figures.podEvent.p99.milliseconds, "ms", below: 5),
            .figure("tiers: one namespace's labels, p99", figures.labelEvent.p99.milliseconds, "ms", below: 5),
            .figure("tiers: one policy change, p99", figures.policyEvent.p99.milliseconds, "ms", below: 5),
            .figure(
                "tiers: a policy is added, or about others, p99", figures.subjectEvent.p99.milliseconds, "ms", below: 5),
            .figure(
                "tiers: a policy about every pod, on a node of 200, p99",
                figures.globalPolicyEventOnNode.p99.milliseconds, "ms", below: 5),
            .figure("tiers: the same for all pods, p50", figures.globalPolicyEvent.median.milliseconds, "ms"),
        ]
    }

    private static func node() -> [BenchMeasure] {
        say("a node of 200 pods in that cluster, with zones, holes and projects apart: event to transaction")
        let figures = NodeBenchmark.run(namespaces: 1000, pods: 10_000, policies: 2000)
        let events: [(name: String, figures: Percentiles, limit: Double?)] = [
            ("one pod elsewhere", figures.podEvent, 5), ("one of its pods", figures.localPodEvent, 5),
            ("one namespace's labels", figures.labelEvent, 5), ("one policy's ports", figures.portEvent, 5),
            ("one policy about others", figures.subjectEvent, 5),
            ("one policy added or taken away", figures.addedEvent, 5),
            ("one about every pod added or taken away", figures.globalEvent, 5), ("one hole", figures.holeEvent, 5),
            ("one project to another network", figures.projectEvent, nil),
        ]
        return [
            .figure("node, all tiers: compiled", figures.compile.milliseconds, "ms", below: 2000),
            .figure("node, all tiers: chains", Double(figures.chains), ""),
        ]
            + events.map {
                .figure("node, all tiers: \($0.name), p99", $0.figures.p99.milliseconds, "ms", below: $0.limit)
            }
    }

    private static func matrix() -> [BenchMeasure] {
        say("policy matrix, 1,000 pods")
        let figures = MatrixBenchmark.run(namespaces: 100, pods: 1000, policies: 200)
        return [
            .figure("matrix: 1,000 pods, 200 policies in all tiers", figures.matrix.milliseconds, "ms", below: 10_000),
            .figure("matrix: classes of 1,000 pods", Double(figures.classes), ""),
            .figure("diff: 1,000 pods, one policy changed", figures.diff.milliseconds, "ms"),
        ]
    }

    private func measureInLab(_ parts: Set<Part>) async throws -> [BenchMeasure] {
        Self.say("starting a lab")
        let lab = try await Lab.up(
            try LabName("bench"), .standard(),
            objects: TrafficBench.objects + EgressBench.objects + EnforcementBench.objects
                + ServiceBench.objects,
            endsWithThisProcess: true)
        do {
            let measures = try await measure(in: lab, parts)
            try await lab.down()
            return measures
        } catch {
            try? await lab.down()
            throw error
        }
    }

    private func measure(in lab: Lab, _ parts: Set<Part>) async throws -> [BenchMeasure] {
        var measures: [BenchMeasure] = []
        if parts.contains(.enforcement) {
            Self.say("policy change to first packet")
            measures += try await EnforcementBench(lab: lab, rounds: 12 * rounds).run()
        }
        if parts.contains(.plugin) {
            Self.say("CNI ADD")
            measures += try await PluginBench(lab: lab, rounds: 6 * rounds).run()
        }
        if parts.contains(.traffic) {
            let bridge = try await BridgeNetwork.up()
            do {
                measures += try await TrafficBench(lab: lab, bridge: bridge, rounds: rounds, say: Self.say).run()
                try await bridge.down()
            } catch {
                try? await bridge.down()
                throw error
            }
        }
        measures.append(.figure("agent memory (resident), node-1", try agentMemory(lab), "MiB"))
        if parts.contains(.egress) {
            Self.say("10,000 egress rules")
            measures += try await EgressBench(lab: lab, rounds: rounds).run()
        }
        if parts.contains(.names) {
            Self.say("names, of the cluster and forwarded")
            measures += try await NameBench(lab: lab, rounds: rounds).run()
            Self.say("names, learned on the way to pods")
            measures += try await LearnerBench(rounds: rounds).run()
        }
        if parts.contains(.services) { measures += try await services(in: lab) }
        if parts.contains(.api) {
            Self.say("API server, 10,000 objects and 200 watchers")
            measures += try await APIBench(lab: lab, objects: 10_000, watchers: 200).run()
        }
        return measures
    }

    private func services(in lab: Lab) async throws -> [BenchMeasure] {
        let measures = try await ServiceBench(lab: lab, rounds: rounds, say: Self.say).run()
        Self.say("services, 10,000 with 3 endpoints each into a kernel")
        let figures = try await ServiceSyncBenchmark.run(services: 10_000, endpoints: 3)
        return measures + [
            .figure(
                "services: 10,000 with 30,000 endpoints into the kernel", figures.sync.milliseconds, "ms", below: 2000),
            .figure("services: one endpoint's change among them, p50", figures.change.median.milliseconds, "ms"),
            .figure("services: one endpoint's change among them, p99", figures.change.p99.milliseconds, "ms"),
            .figure("services: the kernel's rules looked at, p50", figures.look.median.milliseconds, "ms"),
            .figure("agent memory (resident) with 10,000 services, node-1", try agentMemory(lab), "MiB"),
        ]
    }

    private func agentMemory(_ lab: Lab) throws -> Double {
        let agents = try lab.state().processes.filter { $0.name.contains("agent") }
        guard let pid = agents.first?.pid else { return 0 }
        let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
        let kibibytes = line.split(separator: " ").compactMap { Double($0) }.first ?? 0
        return kibibytes / 1024
    }

    private static let say: @Sendable (String) -> Void = { line in
        StandardError.write("bench: \(line)")
    }
}
