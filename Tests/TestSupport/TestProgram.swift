package import LinuxSystem

/// Programs that tests use as independent witnesses (`ip`, `ping`, …).
package enum TestProgram {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// The output of a program that must succeed within `timeout`.
    @discardableResult
    package static func run(
        _ path: String, _ arguments: [String], in namespace: NamespaceReference = .current,
        timeout: Duration = .seconds(10)
    ) throws -> String {
        let directory = try TemporaryDirectory()
        let file = directory.file("output")
        var program = Program(path, arguments, environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"])
        program.namespace = namespace
        program.output = .file(file)
        let process = try program.spawn()
        guard let status = try process.wait(timeout: timeout) else {
            try process.terminate(grace: .zero)
            throw Failure(description: "\(path) \(arguments.joined(separator: " ")) took longer than \(timeout)")
        }
        let output = String(decoding: try OwnedDescriptor.open(file).readToEnd(), as: UTF8.self)
        guard status.isSuccess else {
            throw Failure(description: "\(path) \(arguments.joined(separator: " ")): \(status)\n\(output)")
        }
        return output
    }
}
