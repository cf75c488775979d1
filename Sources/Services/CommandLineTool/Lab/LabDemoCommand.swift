import ArgumentParser
import ClusterAPI
import Foundation
import Lab
import LinuxSystem
import ManifestFiles
import PolicyEngine

/// `gabion lab demo`: the main job, on real packets, for a person to watch.
struct LabDemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Show the main job: coloured pods, policies that come and go, verdict against packets.",
        discussion: """
            Brings up a lab of two nodes and an outside host, and after each step tries every
            connection. A cell says what the policies mean, and what a real packet met: yes=yes.
            Exits with 1 if the two differ anywhere. Takes the lab down again, whatever happens.
            """)

    @Option(help: ArgumentHelp("The folder with the demo's manifests.", valueName: "folder"))
    var directory = "examples/demo"

    func run() async throws {
        try RootCheck.require(for: "gabion lab demo")
        let paint = Paint(isOn: isatty(STDOUT_FILENO) == 1 && Environment.value(of: "NO_COLOR") == nil)
        let start = ContinuousClock.now
        let documents = try read(DemoScript.cluster)
        let (topology, objects) = try LabTopology.take(from: documents, nodes: nil, ipv6: false)
        Self.introduce(paint)
        let name = try LabName("demo")
        // The lab goes with this process, however it ends.
        let lab = try await Lab.up(name, topology, objects: objects, endsWithThisProcess: true)
        var differences = 0
        do {
            say(
                "  lab up after \((ContinuousClock.now - start).formattedSeconds): \(try lab.state().pods.settled) pods, each with the real CNI plugin and agent\n"
            )
            for (number, step) in DemoScript.steps.enumerated() {
                differences += try await play(step, number, lab, paint)
            }
        } catch {
            try? await lab.down()
            throw error
        }
        try await lab.down()
        conclude(differences, ContinuousClock.now - start, paint)
        if differences > 0 { throw ExitStatus.finding }
    }

    private func play(_ step: DemoScript.Step, _ number: Int, _ lab: Lab, _ paint: Paint) async throws -> Int {
        try await lab.delete(try read(step.delete))
        try await lab.apply(try read(step.apply))
        let matrix = DemoMatrix(lab)
        let answers = try await lab.verify(
            matrix.flows, lab.snapshot(), prober: Prober(timeout: .milliseconds(400)))
        let heading = "── \(number)  \(step.title) "
        say(paint.title(heading + String(repeating: "─", count: max(0, 78 - heading.count))))
        for file in step.delete { say("   " + paint.dim("- kubectl delete -f \(directory)/\(file)")) }
        for file in step.apply { say("   " + paint.dim("+ kubectl apply  -f \(directory)/\(file)")) }
        say("   \(step.narration)\n")
        say(matrix.picture(answers, paint) + "\n")
        let differing = answers.filter(\.differs)
        for answer in differing {
            let flow = answer.flow
            say(
                paint.alarm("  \(flow.from) to \(flow.to): verdict \(answer.verdict.rule), observed \(answer.observed)")
            )
        }
        return differing.count
    }

    private static func introduce(_ paint: Paint) {
        print(
            """
            \(paint.title("gabion: who may talk to whom, and does the kernel agree?"))

                node-1: \(paint.name("green", "green")), \(paint.name("purple", "purple")) \
                node-2: \(paint.name("gray", "gray")), \(paint.name("red", "red"))  \
                outside: \(paint.name("internet", "internet"))
                (green, gray, purple: project "colors"; red: project "other")

            Each cell:  what the policies mean = what a real TCP connection met.

            """)
    }

    private func conclude(_ differences: Int, _ time: Duration, _ paint: Paint) {
        let connections = DemoScript.steps.count * 30
        let end =
            differences == 0
            ? paint.good("every packet agrees with its verdict")
            : paint.alarm("\(differences) packets differ from their verdict")
        say("\(connections) connections in \(DemoScript.steps.count) steps, \(time.formattedSeconds): \(end)")
        say("Nothing is left behind. Your own cluster: gabion lab up -f MANIFESTS")
    }

    /// Written at once, also into a pipe.
    private func say(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }

    private func read(_ files: [String]) throws -> [JSONValue] {
        if files.isEmpty { return [] }
        guard FileManager.default.fileExists(atPath: directory) else {
            throw CommandFailure(
                "the demo's manifests are not in \(directory)", remedy: "Name their folder: --directory …/examples/demo"
            )
        }
        return try ManifestReader().read(files.map { "\(directory)/\($0)" }).map(\.value)
    }
}
