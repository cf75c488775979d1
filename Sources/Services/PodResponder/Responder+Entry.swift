import Glibc
import LinuxSystem

extension Responder {
    /// The whole program: listens and answers until it is ended, or runs one `Load`.
    ///
    /// `arguments` are without the program's name. Ends the process with a message on standard output: 64 for a wrong command line, 2 when it cannot listen.
    package static func exit(arguments: [String]) -> Never {
        do {
            if arguments.first == "load" {
                print(try Load(arguments: arguments.dropFirst()).run().line)
                Glibc.exit(0)
            }
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
