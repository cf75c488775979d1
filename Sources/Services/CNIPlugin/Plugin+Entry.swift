import CNISpec
import Glibc
import LinuxSystem

extension Plugin {
    /// Runs as the container runtime calls it: environment, standard input, standard output, exit code.
    package static func exit() -> Never {
        Glibc.exit(answer())
    }

    private static func answer() -> Int32 {
        let environment = Environment.all().filter { $0.key.hasPrefix("CNI_") }
        if environment["CNI_COMMAND"] == nil, CommandLine.arguments.count > 1 { return explain() }
        let input = OwnedDescriptor(adopting: STDIN_FILENO)
        let plugin = Plugin(
            environment: environment, standardInput: (try? input.readToEnd()) ?? [], agent: UnixAgentConnection())
        let response = plugin.run()
        if !response.output.isEmpty { print(response.output) }
        return response.exitCode
    }

    /// For the person who types `gabion-cni --help`.
    private static func explain() -> Int32 {
        print(
            """
            gabion-cni is Gabion's CNI plugin (CNI \(SpecVersion.allCases.map(\.rawValue).joined(separator: ", "))).
            A container runtime calls it with CNI_* variables and the network configuration on standard input:
              {"cniVersion":"1.1.0","name":"gabion","type":"gabion-cni","socket":"\(NetworkConfiguration.defaultSocket)"}
            Try: echo '{"cniVersion":"1.1.0"}' | CNI_COMMAND=VERSION gabion-cni
            """)
        return CommandLine.arguments.contains { $0 == "--help" || $0 == "-h" } ? 0 : 64
    }
}
