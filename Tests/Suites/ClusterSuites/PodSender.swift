import LinuxSystem
import NetworkTypes
import TestSupport

/// Sends from a pod to a port of some hosts without end, every 50 ms: a datagram of an old flow and of a new one, a byte of an old
/// stream, and a new stream.
struct PodSender {
    private let process: ProcessHandle

    /// Streams that nobody answers any more are begun again after a second.
    private static let script = """
        import socket, sys, time
        port, hosts = int(sys.argv[1]), sys.argv[2:]
        def new(host, kind):
            s = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, kind)
            s.setblocking(False)
            return s
        class Host:
            def __init__(self, host):
                self.host, self.flow, self.stream = host, None, None
            def tell(self, s):
                try:
                    s.connect((self.host, port))
                except BlockingIOError:
                    return s
                s.send(b"?")
                return s
            def go_on(self):
                if self.flow is None:
                    self.flow = new(self.host, socket.SOCK_DGRAM)
                    self.flow.connect((self.host, port))
                try:
                    self.flow.send(b"?")
                    while True: self.flow.recv(2048)
                except OSError: pass
            def talk(self):
                if self.stream is None:
                    self.stream, self.heard = new(self.host, socket.SOCK_STREAM), time.time()
                    self.tell(self.stream)
                try:
                    self.stream.send(b"?")
                    if self.stream.recv(2048): self.heard = time.time()
                except BlockingIOError: pass
                except OSError: self.heard = 0
                if time.time() - self.heard > 1:
                    self.stream.close()
                    self.stream = None
            def round(self):
                for act in (self.go_on, self.talk, lambda: self.tell(new(self.host, socket.SOCK_DGRAM)),
                            lambda: self.tell(new(self.host, socket.SOCK_STREAM))):
                    try: act()
                    except OSError: pass
        everybody = [Host(host) for host in hosts]
        while True:
            for host in everybody: host.round()
            time.sleep(0.05)
        """

    init(_ place: NamespaceReference, to hosts: [IPAddress], _ port: UInt16) throws {
        var program = Program("/usr/bin/python3", ["-c", Self.script, "\(port)"] + hosts.map(\.description))
        program.namespace = place
        process = try program.spawn()
    }

    func end() throws { try process.send(.kill) }
}
