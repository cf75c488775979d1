package import LinuxSystem

/// Programs that tests use as independent witnesses (`ip`, `ping`, …).
package enum TestProgram {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// The standard output of a program that must succeed within `timeout`.
    ///
    /// What it complains about besides is not in it: `ip` does, of namespaces that other tests remove meanwhile.
    @discardableResult
    package static func run(
        _ path: String, _ arguments: [String], in namespace: NamespaceReference = .current,
        timeout: Duration = .seconds(10)
    ) throws -> String {
        let directory = try TemporaryDirectory()
        let (file, complaints) = (directory.file("output"), directory.file("complaints"))
        var program = Program(
            "/bin/sh", ["-c", #"complaints="$0"; exec "$@" 2>"$complaints""#, complaints, path] + arguments,
            environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"])
        program.namespace = namespace
        program.output = .file(file)
        let process = try program.spawn()
        guard let status = try process.wait(timeout: timeout) else {
            try process.terminate(grace: .zero)
            throw Failure(description: "\(path) \(arguments.joined(separator: " ")) took longer than \(timeout)")
        }
        let output = try read(file)
        guard status.isSuccess else {
            let told = output + (try read(complaints))
            throw Failure(description: "\(path) \(arguments.joined(separator: " ")): \(status)\n\(told)")
        }
        return output
    }

    /// What a file holds.
    static func read(_ path: String) throws -> String {
        String(decoding: try OwnedDescriptor.open(path).readToEnd(), as: UTF8.self)
    }
}
