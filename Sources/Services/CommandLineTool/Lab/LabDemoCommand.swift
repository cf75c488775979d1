import ArgumentParser
import ClusterAPI
import Foundation
import Lab
import LinuxSystem
import ManifestFiles
import PolicyEngine
import ServiceVerdicts

/// `gabion lab demo`: the main job, on real packets, for a person to watch.
struct LabDemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Show the main job: policies come and go, and packets agree.",
        discussion: """
            Brings up a lab of two nodes and an outside host, and after each step tries
            every connection. A cell says what the policies mean, and what a real packet
            met: yes=yes. Takes the lab down again, whatever happens. Needs root; takes
            half a minute.

              gabion lab demo --directory examples/demo

            Exit codes: 0 verdicts and packets agree, 1 they differ somewhere, 2 it could
            not be done.
            """)

    @Option(help: ArgumentHelp("The folder with the demo's manifests.", valueName: "folder"), completion: .directory)
    var directory = "examples/demo"

    func run() async throws {
        try RootCheck.require(for: "gabion lab demo")
        let paint = Paint(isOn: isatty(STDOUT_FILENO) == 1 && Environment.value(of: "NO_COLOR") == nil)
        let start = ContinuousClock.now
        let documents = try read(DemoScript.cluster)
        let (topology, objects) = try LabTopology.take(from: documents, nodes: nil, ipv6: false)
        introduce(paint)
        // The lab goes with this process, however it ends.
        let lab = try await Lab.up(try LabName("demo"), topology, objects: objects, endsWithThisProcess: true) { line in
            StandardError.write("  " + line)
        }
        var differences = 0
        do {
            let pods = try lab.state().pods.settled
            say("Lab up after \((ContinuousClock.now - start).formattedSeconds): \(pods) pods on 2 nodes.\n")
            var earlier: [Verification] = []
            for (number, step) in DemoScript.steps.enumerated() {
                earlier = try await play(step, number, lab, since: earlier, paint)
                differences += earlier.count(where: \.differs)
            }
        } catch {
            try? await lab.down()
            throw error
        }
        try await lab.down()
        conclude(differences, ContinuousClock.now - start, paint)
        if differences > 0 { throw ExitStatus.finding }
    }

    /// Applies a step, tries every connection, shows the picture, and returns the answers.
    private func play(
        _ step: DemoScript.Step, _ number: Int, _ lab: Lab, since earlier: [Verification], _ paint: Paint
    ) async throws -> [Verification] {
        try await lab.delete(try read(step.delete))
        try await lab.apply(try read(step.apply))
        let matrix = DemoMatrix(lab)
        let answers = try await lab.verify(
            matrix.flows, lab.snapshot(), prober: Prober(timeout: .milliseconds(400)))
        let heading = "── \(number)  \(step.title) "
        say(paint.title(heading + String(repeating: "─", count: max(0, 78 - heading.count))))
        for file in step.delete { say("   " + paint.dim("- kubectl delete -f \(file)")) }
        for file in step.apply { say("   " + paint.dim("+ kubectl apply  -f \(file)")) }
        say("   \(step.narration)\n")
        say(matrix.picture(answers, since: earlier, paint))
        say("\n" + (matrix.reason(answers, since: earlier).map { paint.dim($0) + "\n" } ?? ""))
        for answer in answers where answer.differs {
            let flow = answer.judgement.asked
            say(
                paint.alarm("  \(flow.from) to \(flow.to): verdict \(answer.answer.rule), observed \(answer.observed)"))
        }
        return answers
    }

    private func introduce(_ paint: Paint) {
        let names = ["green", "purple", "gray", "red", "internet"].map { paint.name($0, $0) }
        say(
            """
            \(paint.title("gabion: who may talk to whom, and does the kernel agree?"))

              node-1: \(names[0]), \(names[1])    node-2: \(names[2]), \(names[3])    outside: \(names[4])
              green, gray and purple are of the project "colors", red is of "other".

            A cell says what the policies mean = what a real TCP connection met.
            A star marks what the step has changed.

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
