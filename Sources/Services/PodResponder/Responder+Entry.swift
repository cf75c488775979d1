import Glibc
import LinuxSystem

extension Responder {
    /// The whole program: parses `arguments` (without the program's name), listens, and answers until it is ended.
    ///
    /// Ends the process with a message on standard output: 64 for a wrong command line, 2 when it cannot listen.
    package static func exit(arguments: [String]) -> Never {
        do {
            try Host.raiseDescriptorLimit(to: 65536)
            var responder = try Responder(try ResponderOptions(arguments: arguments))
            try responder.listen()
            try responder.run()
            Glibc.exit(0)
        } catch {
            print("gabion-responder: \(error)")
            Glibc.exit(error is ResponderError ? 64 : 2)
        }
    }
}
