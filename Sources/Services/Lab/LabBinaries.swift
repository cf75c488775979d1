import FoundationEssentials
import LinuxSystem

/// Where the programs are that a lab starts: beside the running one, or where `GABION_BIN` says.
package struct LabBinaries: Codable, Hashable, Sendable {
    package let directory: String

    package var gabion: String { directory + "/gabion" }
    package var plugin: String { directory + "/gabion-cni" }
    package var responder: String { directory + "/gabion-responder" }

    /// Names the program that is missing, and the remedy.
    ///
    /// - Parameter chosen: The folder; nil: `GABION_BIN`, or where this program is.
    package init(directory chosen: String? = Environment.value(of: "GABION_BIN")) throws {
        if let chosen, !chosen.isEmpty {
            directory = chosen
        } else {
            let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            directory = own.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 }
        }
        for program in [gabion, plugin, responder] where !FileManager.default.isExecutableFile(atPath: program) {
            throw LabError(
                "the lab needs \(program), and it is not there",
                remedy: "Build all products (swift build), or set GABION_BIN to the directory that holds them.")
        }
    }
}
