package import ArgumentParser
import CNIPlugin
import CNISpec
import Foundation

/// `gabion cni`: the plugin on one node.
package struct CNICommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "cni",
        abstract: "Put the CNI plugin on this node, or take it off.",
        discussion: """
            The pods of gabion install do this on each node; by hand:
              gabion cni install
              gabion cni ready
              gabion cni remove
            """,
        subcommands: [CNIInstallCommand.self, CNIRemoveCommand.self, CNIReadyCommand.self])

    package init() {}
}

/// Where the container runtime looks for plugins and what it is to call.
struct PluginFolderOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Where the container runtime has its plugins.", valueName: "dir"), completion: .directory)
    var programs = "/opt/cni/bin"

    @Option(
        help: ArgumentHelp("Where the container runtime has their configurations.", valueName: "dir"),
        completion: .directory)
    var configuration = "/etc/cni/net.d"

    var files: PluginFiles { PluginFiles(programs: programs, configuration: configuration) }
}

/// `gabion cni install`.
struct CNIInstallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Put the plugin in place, then its configuration.",
        usage: "gabion cni install [--programs <dir>] [--configuration <dir>] [<options>]",
        discussion: """
            The program is written beside the old one and renamed, so that who calls it
            meanwhile calls one of the two. The configuration comes last: a runtime that
            sees it finds the program. Files that are as they should be stay untouched.
            """)

    @OptionGroup var folders: PluginFolderOptions

    @Option(help: ArgumentHelp("The plugin; by default gabion-cni beside this program.", valueName: "file"))
    var from: String?

    func run() async throws {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "/usr/bin/gabion"
        let beside = URL(filePath: own).deletingLastPathComponent().appending(path: NetworkList.program).path
        for change in try folders.files.install(from: from ?? beside) { StandardError.write(change) }
    }
}

/// `gabion cni remove`.
struct CNIRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Take the plugin's configuration off, then the plugin.",
        usage: "gabion cni remove [--programs <dir>] [--configuration <dir>]",
        discussion: "Pods that are there keep their network; no new one gets it from Gabion.")

    @OptionGroup var folders: PluginFolderOptions

    func run() async throws {
        for change in try folders.files.remove() { StandardError.write(change) }
    }
}

/// `gabion cni ready`.
struct CNIReadyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ready",
        abstract: "Ask the agent of this node whether it would attach a pod.",
        usage: "gabion cni ready [--socket <file>]",
        discussion: """
            Asks as a container runtime does (STATUS), for probes and people.
            Exit codes: 0 it would, 2 it would not, and why.
            """)

    @Option(help: ArgumentHelp("Where the agent listens.", valueName: "file"), completion: .file())
    var socket = NetworkConfiguration.defaultSocket

    func run() async throws {
        let question = NetworkConfiguration(.newest, name: "gabion", type: NetworkList.program, socket: socket)
        let answer = Plugin(
            environment: ["CNI_COMMAND": "STATUS"], standardInput: [UInt8](try JSONEncoder().encode(question)),
            agent: UnixAgentConnection(timeout: .seconds(4))
        ).run()
        guard answer.exitCode == 0 else {
            throw CommandFailure("the agent would attach no pod: \(answer.output)", remedy: "See the agent's log.")
        }
    }
}
