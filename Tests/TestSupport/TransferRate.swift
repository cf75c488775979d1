package import LinuxSystem
import Testing

/// How fast one TCP connection gets through, by programs that know nothing of us.
package enum TransferRate {
    /// Bytes per second over two seconds from one namespace to a port of `address` in another.
    ///
    /// What a bucket lets through at once is left out: the clock starts after 200,000 bytes.
    package static func measure(
        from sender: NamespaceReference, to receiver: NamespaceReference, at address: String, port: UInt16 = 9
    ) async throws -> Double {
        let directory = try TemporaryDirectory()
        let output = directory.file("rate")
        var program = Program(
            "/usr/bin/timeout", ["20", "/usr/bin/python3", "-c", sink, address, "\(port)"])
        program.namespace = receiver
        program.output = .file(output)
        let server = try program.spawn()
        try await eventually("somebody listens", within: .seconds(10)) {
            try TestProgram.read(output).contains("ready")
        }
        try TestProgram.run("/usr/bin/python3", ["-c", source, address, "\(port)"], in: sender)
        guard try server.wait(timeout: .seconds(10))?.isSuccess == true,
            let rate = Double(try TestProgram.read(output).split(separator: "\n").last ?? "")
        else { throw TestProgram.Failure(description: "no rate: \(try TestProgram.read(output))") }
        return rate
    }

    private static let sink = """
        import socket, sys, time
        family = socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET
        server = socket.create_server((sys.argv[1], int(sys.argv[2])), family=family)
        print("ready", flush=True)
        client, got, begin = server.accept()[0], 0, None
        while block := client.recv(65536):
            got, now = got + len(block), time.monotonic()
            if begin is None and got > 200000: begin, base = now, got
        print((got - base) / (now - begin))
        """

    private static let source = """
        import socket, sys, time
        connection = socket.create_connection((sys.argv[1], int(sys.argv[2])), 5)
        end = time.monotonic() + 2
        while time.monotonic() < end: connection.sendall(bytes(16384))
        """
}
