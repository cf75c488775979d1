import FoundationEssentials

/// The programs of this package, as built beside the tests that run.
package enum BuiltProgram {
    /// The absolute path of an executable product such as `gabion-cni`.
    package static func path(_ name: String) throws -> String {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let folder = tests.split(separator: "/").dropLast().joined(separator: "/")
        let path = "/\(folder)/\(name)"
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw TestProgram.Failure(description: "\(path) is not built: run `swift build` first")
        }
        return path
    }
}
