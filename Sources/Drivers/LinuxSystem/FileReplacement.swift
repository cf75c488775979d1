import Glibc

/// Replacing files as a whole.
package enum FileReplacement {
    /// Gives the file at `source` the name `target`, in one step (rename(2)): readers see the old file or the new one.
    package static func move(_ source: String, onto target: String) throws(SystemError) {
        try systemCall("replace", target) { rename(source, target) }
    }
}
