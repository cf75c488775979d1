import Foundation
import Lab
import LinuxSystem
import NetworkTypes
import TestSupport

/// Asks the nodes' link every 10 ms who has an address, and writes down who answers when.
struct ARPWatch {
    struct Answer {
        /// Seconds since 1970.
        let time: Double
        let mac: String
    }

    private let file: String
    private let process: ProcessHandle

    private static let script = """
        import select, socket, struct, sys, time
        target = socket.inet_aton(sys.argv[1])
        own = socket.inet_aton(sys.argv[2])
        link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0806))
        link.bind(("eth0", 0))
        mac = link.getsockname()[4]
        ask = b"\\xff" * 6 + mac + b"\\x08\\x06" + struct.pack("!HHBBH", 1, 0x800, 6, 4, 1) + mac + own + b"\\0" * 6 + target
        due = time.time()
        while True:
            if time.time() >= due:
                link.send(ask)
                due += 0.01
            if select.select([link], [], [], max(0, due - time.time()))[0]:
                frame = link.recv(2048)
                # Answers to us; who announces itself is not asked.
                if frame[20:22] == b"\\0\\2" and frame[28:32] == target and frame[:6] == mac:
                    print(time.time(), frame[22:28].hex(":"), flush=True)
        """

    init(_ address: IPAddress, _ lab: Lab, _ directory: TemporaryDirectory) throws {
        guard let own = lab.topology.routerAddresses.first(where: { $0.family == .v4 }) else {
            throw SuiteFailure(description: "the router has no IPv4 address")
        }
        file = directory.path + "/arp-\(address)"
        var program = Program("/usr/bin/python3", ["-c", Self.script, "\(address)", "\(own)"])
        program.namespace = .named(lab.directory.name.routerNamespace)
        program.output = .file(file)
        process = try program.spawn()
    }

    func end() throws { try process.send(.kill) }

    /// What was answered after a time, in order.
    func answers(after time: Double) throws -> [Answer] {
        let text = try String(contentsOfFile: file, encoding: .utf8)
        // The last line may not be whole.
        return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().compactMap { line in
            let parts = line.split(separator: " ")
            guard parts.count == 2, let moment = Double(parts[0]), moment > time else { return nil }
            return Answer(time: moment, mac: String(parts[1]))
        }
    }
}
