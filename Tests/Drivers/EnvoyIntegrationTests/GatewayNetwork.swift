import ClusterAPI
import EnvoyConfig
import EnvoyDriver
import Foundation
import GatewayCompiler
import LinuxSystem
import NetworkTypes
import TestSupport
import Testing

/// A pod with a real Envoy, and a machine outside: servers that say who they are, and a real server of names (dnsmasq).
final class GatewayNetwork: Sendable {
    static let pod = "192.0.2.1"
    static let hosts = ["203.0.113.10", "203.0.113.11"]
    static let resolver = "203.0.113.53"

    let inside: TestNamespace
    let outside: TestNamespace
    let directory: TemporaryDirectory
    let envoy: EnvoyDriver
    private let processes: [ProcessHandle]

    init(maximumConnections: Int) throws {
        inside = try TestNamespace("gateway")
        outside = try TestNamespace("outside")
        directory = try TemporaryDirectory()
        try inside.run(
            "/usr/sbin/ip", "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", outside.name)
        try inside.run("/usr/sbin/ip", "address", "add", "\(Self.pod)/24", "dev", "eth0")
        try inside.run("/usr/sbin/ip", "link", "set", "eth0", "up")
        try outside.run("/usr/sbin/ip", "address", "add", "192.0.2.2/24", "dev", "eth0")
        try outside.run("/usr/sbin/ip", "link", "set", "eth0", "up")
        try inside.run("/usr/sbin/ip", "route", "add", "default", "via", "192.0.2.2")
        for address in Self.hosts + [Self.resolver] {
            try outside.run("/usr/sbin/ip", "address", "add", "\(address)/32", "dev", "lo")
        }
        let script = try directory.write(Self.servers, to: "servers.py")
        let names = try directory.write("", to: "hosts")
        let settings = try directory.write(
            """
            no-resolv
            no-hosts
            listen-address=\(Self.resolver)
            bind-interfaces
            local-ttl=1
            addn-hosts=\(names)
            local=/example/
            local=/com/
            pid-file=
            user=root
            """, to: "dnsmasq.conf")
        try directory.write("nameserver \(Self.resolver)\noptions timeout:1 attempts:2\n", to: "resolv.conf")
        let serving = [
            Program("/usr/bin/python3", [script, directory.file("up-outside")] + Self.hosts),
            Program("/usr/sbin/dnsmasq", ["-k", "-C", settings]),
        ]
        let own = Program("/usr/bin/python3", [script, directory.file("up-inside"), "127.0.0.1", Self.pod])
        let outsideLog = directory.file("outside.log")
        var started: [ProcessHandle] = []
        for program in serving { started.append(try Self.spawn(program, in: outside, log: outsideLog)) }
        started.append(try Self.spawn(own, in: inside, log: directory.file("inside.log")))
        processes = started
        // A pod's Envoy sees the pod's resolv.conf.
        let wrapper = directory.file("envoy")
        let program = try EnvoyProgram.path()
        let shell = """
            #!/bin/sh
            case "$*" in *validate*) exec \(program) "$@" ;; esac
            exec unshare --mount sh -c 'mount --bind \(directory.file("resolv.conf")) /etc/resolv.conf && exec \(program) "$@"' x "$@"
            """
        try directory.write(shell, to: "envoy")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: wrapper)
        try FileManager.default.createDirectory(
            atPath: directory.file("run"), withIntermediateDirectories: true)
        envoy = EnvoyDriver(
            EnvoyFiles(directory: directory.file("run")), program: wrapper, in: inside.reference,
            maximumConnections: maximumConnections)
    }

    deinit {
        for process in processes { try? process.send(.kill) }
        if let pid = envoy.pid { try? ProcessHandle(pid: pid).send(.kill) }
    }

    private static func spawn(_ program: Program, in namespace: TestNamespace, log: String) throws -> ProcessHandle {
        var program = program
        program.namespace = namespace.reference
        program.output = .file(log)
        program.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
        return try program.spawn()
    }

    /// Another instance of us, as after a restart.
    func successor() throws -> EnvoyDriver {
        EnvoyDriver(
            EnvoyFiles(directory: directory.file("run")), program: try EnvoyProgram.path(), in: inside.reference)
    }

    /// Waits for the servers.
    func settle() async throws {
        for name in ["up-outside", "up-inside"] {
            try await eventually { FileManager.default.fileExists(atPath: directory.file(name)) }
        }
    }

    /// What names stand for from now on.
    func setNames(_ lines: [String]) throws {
        try directory.write(lines.map { $0 + "\n" }.joined(), to: "hosts")
        try processes[1].send(.hangUp)
    }

    func apply(_ ports: [EgressGatewayPort]) async throws {
        let gateway = EgressGateway(ObjectKey(namespace: "shop", name: "bank"), spec: EgressGatewaySpec(ports: ports))
        let pod = try #require(IPAddress(Self.pod))
        try await envoy.apply(try GatewayCompiler.compile(gateway, at: [pod]))
    }

    /// A connection from the machine outside, as a pod's would come.
    func open(_ port: UInt16) throws -> Conversation { try Conversation(outside, Self.pod, port) }

    func udp(_ port: UInt16) throws -> String {
        try withNetworkNamespace(outside.reference) {
            let socket = try Socket(.udp, .v4)
            let target = SocketAddress(try #require(IPAddress(Self.pod)), port: port)
            _ = try socket.send(Array("x".utf8), to: target)
            guard try Readiness.wait(socket.descriptor, for: .readable, timeout: .seconds(3)),
                let (bytes, _) = try socket.receiveDatagram()
            else { return "" }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    /// Each line is answered with the server's address and the line; a datagram likewise.
    private static let servers = """
        import socket, sys, threading, time

        def answer(client, address):
            for line in client.makefile("rb"):
                client.sendall(address.encode() + b" " + line)
            client.close()

        def accept(server, address):
            while True:
                client, _ = server.accept()
                threading.Thread(target=answer, args=(client, address), daemon=True).start()

        def reply(server, address):
            while True:
                data, peer = server.recvfrom(2000)
                server.sendto(address.encode() + b" " + data, peer)

        for address in sys.argv[2:]:
            for port in (443, 8443):
                server = socket.create_server((address, port)) if address[:4] != "192." or port == 8443 else None
                if server:
                    threading.Thread(target=accept, args=(server, address), daemon=True).start()
            server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            server.bind((address, 8443))
            threading.Thread(target=reply, args=(server, address), daemon=True).start()
        open(sys.argv[1], "w").close()
        time.sleep(3600)
        """
}

/// One TCP connection, line by line.
final class Conversation: Sendable {
    private let socket: Socket

    init(_ namespace: TestNamespace, _ address: String, _ port: UInt16) throws {
        let target = SocketAddress(try #require(IPAddress(address)), port: port)
        socket = try withNetworkNamespace(namespace.reference) {
            let socket = try Socket(.tcp, .v4)
            if try !socket.connect(to: target) {
                _ = try Readiness.wait(socket.descriptor, for: .writable, timeout: .seconds(3))
                if let error = socket.pendingError() { throw SystemError("connect to", "\(target)", error) }
            }
            return socket
        }
    }

    /// What comes back; empty when the other end closes.
    func say(_ text: String) throws -> String {
        try socket.sendAll(Array(text.utf8), within: .seconds(3))
        guard try Readiness.wait(socket.descriptor, for: .readable, timeout: .seconds(8)) else { return "(silence)" }
        return String(decoding: try socket.receive() ?? [], as: UTF8.self)
    }

    /// The status of the answer to a CONNECT.
    func connect(_ authority: String) throws -> String {
        let answer = try say("CONNECT \(authority) HTTP/1.1\r\nHost: \(authority)\r\n\r\n")
        return String(answer.split(separator: " ").dropFirst().first ?? "")
    }
}
