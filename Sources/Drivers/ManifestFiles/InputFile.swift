package import Foundation

/// Files that a person names on the command line.
package enum InputFile {
    /// The content of a file; of a pipe, such as a shell's `<(command)`, what comes until its other end is closed.
    ///
    /// - Throws: What `FileFault` tells the reason of.
    package static func read(_ path: String) throws -> Data {
        let url = URL(fileURLWithPath: path)
        var facts = stat()
        // Foundation reads by the size that a file says it has, and refuses what has none.
        let isSized = stat(path, &facts) != 0 || [S_IFREG, S_IFDIR].contains(facts.st_mode & S_IFMT)
        if isSized { return try Data(contentsOf: url) }
        let handle = try FileHandle(forReadingFrom: url)
        defer { try? handle.close() }
        return try handle.readToEnd() ?? Data()
    }
}
