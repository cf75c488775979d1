import Foundation

/// The one line by which a process tells whoever started it that it serves.
enum ReadyLine {
    /// Not buffered, whatever standard output is.
    static func print(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }
}
