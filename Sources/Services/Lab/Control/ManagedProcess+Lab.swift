import LinuxSystem
import ToolRunner

extension ManagedProcess {
    /// Output goes to the lab's log of that name.
    ///
    /// Nothing of a lab outlives it, so there is nothing to put in order: its processes are killed.
    convenience init(_ name: String, _ program: Program, in directory: LabDirectory) {
        var program = program
        program.output = .file(directory.log(name))
        self.init(name, program)
    }
}
