import FoundationEssentials

/// The clock of a machine without time service, for programs that a test starts: it is off by so much.
///
/// Only the time of day is wrong; the monotonic clock, by which programs measure, is right, as on such a machine.
/// Debian's `datefudge` does it. (`faketime` moves timers, too, so that programs sleep for ever or not at all.)
package enum WrongClock {
    private static let folder = "/usr/lib"

    /// What makes a program's clock be ahead by so much; behind, if it is less than nothing.
    package static func environment(ahead lead: Duration) throws -> [String: String] {
        let architectures = try FileManager.default.contentsOfDirectory(atPath: folder)
        let library = architectures.map { "\(folder)/\($0)/datefudge/datefudge.so" }
            .first { FileManager.default.fileExists(atPath: $0) }
        guard let library else {
            throw TestProgram.Failure(description: "there is no datefudge.so: install the package datefudge")
        }
        // It wants to know how far back the clock is.
        return ["LD_PRELOAD": library, "DATEFUDGE": String(-lead.components.seconds)]
    }
}
