import ClusterAPI
import Foundation
import Lab
import LinuxSystem
import NetworkTypes
import TestSupport
import Testing

@Suite("Names in egress firewalls on real packets", .requiresRoot, .serialized, .timeLimit(.minutes(5)))
struct LearnedNamesSuite {
    private static let server = "203.0.113.10"
    private static let hosts = (1...4).map { "203.0.113.\(20 + $0)" }

    private static func topology() throws -> LabTopology {
        var topology = LabTopology.standard()
        topology.serviceNetwork = "172.30.0.0/16"
        topology.clusterDNS = .init(upstreams: [try #require(IPAddress(server))])
        topology.outside = try ([server] + hosts).enumerated().map { number, address in
            // The first host's port 53 is for the name server of the test.
            LabTopology.OutsideHost(
                name: "host-\(number)", addresses: [try #require(IPAddress(address))], ports: ["tcp/80"])
        }
        return topology
    }

    /// www.example.com rotates over the first two hosts, other.example.com is the third; of ten seconds.
    private static let names = """
        import socket
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.bind(("203.0.113.10", 53))
        turn = 0
        while True:
            q, peer = s.recvfrom(2048)
            end = 12
            while q[end]: end += q[end] + 1
            question = q[12:end + 5]
            last = 23 if question[1:6] == b"other" else 24 if question[1:6] == b"fresh" else 21 + turn % 2
            turn += 1
            a = b"\\xc0\\x0c\\0\\1\\0\\1\\0\\0\\0\\x0a\\0\\4" + bytes([203, 0, 113, last]) if question[-3:-2] == b"\\1" else b""
            s.sendto(q[:2] + b"\\x81\\x80\\0\\1" + (b"\\0\\1" if a else b"\\0\\0") + b"\\0\\0\\0\\0" + question + a, peer)
        """

    /// Asks the cluster's server for a name and connects to what it is told, so many times; or connects to an address.
    private static let client = """
        import socket, struct, sys
        def told(name):
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            s.settimeout(2)
            q = b"\\0\\7\\1\\0\\0\\1\\0\\0\\0\\0\\0\\0" + b"".join(bytes([len(l)]) + l.encode() for l in name.split(".")) + b"\\0\\0\\1\\0\\1"
            for _ in range(3):
                s.sendto(q, ("172.30.0.10", 53))
                try: return socket.inet_ntoa(s.recv(2048)[-4:])
                except socket.timeout: pass
            return "nothing"
        for i in range(int(sys.argv[2])):
            where = sys.argv[1] if sys.argv[1][0].isdigit() else told(sys.argv[1])
            try:
                socket.create_connection((where, 80), 1).close()
                print(where, "connected")
            except OSError:
                print(where, "failed")
        """

    private static func firewall(in namespace: String, _ name: String) -> JSONValue {
        [
            "apiVersion": "k8s.ovn.org/v1", "kind": "EgressFirewall",
            "metadata": ["name": "default", "namespace": .string(namespace)],
            "spec": [
                "egress": [
                    ["type": "Allow", "to": ["dnsName": .string(name)]],
                    ["type": "Deny", "to": ["cidrSelector": "0.0.0.0/0"]],
                ]
            ],
        ]
    }

    private static func connect(_ lab: Lab, _ pod: String, _ target: String, times: Int = 1) async throws -> [String] {
        try await SuiteLab.run(["/usr/bin/python3", "-c", client, target, "\(times)"], at: pod, of: lab)
            .split(separator: "\n").map(String.init)
    }

    @Test(
        "a name opens its addresses before the first connection, for the pods whose policies mention it, as long as they do"
    )
    func names() async throws {
        let pods = [
            SuiteLab.pod("client", in: "shop", node: "node-1"), SuiteLab.pod("client", in: "bank", node: "node-1"),
            SuiteLab.pod("client", in: "free", node: "node-2"),
        ]
        let policies = [Self.firewall(in: "shop", "www.example.com"), Self.firewall(in: "bank", "other.example.com")]
        try await SuiteLab.with(try Self.topology(), objects: pods + policies) { lab in
            var program = Program("/usr/bin/python3", ["-c", Self.names])
            program.namespace = try await lab.namespace(of: "outside/host-0")
            let names = try program.spawn()
            defer { try? names.send(.kill) }
            let status = lab.directory.nodeRun("node-1") + "/names-status.json"
            try await eventually("the learner knows both pods, and whom to believe") {
                guard let data = FileManager.default.contents(atPath: status) else { return false }
                let told = try JSONDecoder().decode(JSONValue.self, from: data)
                return told["pods"] == .int(2) && told["servers"] != .array([])
            }
            try await learned(lab)
            try await killed(lab)
            try await revoked(lab)
        }
    }

    private func learned(_ lab: Lab) async throws {
        let first = try await Self.connect(lab, "shop/client", "www.example.com", times: 20)
        #expect(Set(first) == ["\(Self.hosts[0]) connected", "\(Self.hosts[1]) connected"], "\(first)")
        #expect(try await Self.connect(lab, "bank/client", "other.example.com") == ["\(Self.hosts[2]) connected"])
        // Names of others open nothing, though they are answered.
        #expect(try await Self.connect(lab, "shop/client", "other.example.com") == ["\(Self.hosts[2]) failed"])
        #expect(try await Self.connect(lab, "bank/client", Self.hosts[0]) == ["\(Self.hosts[0]) failed"])
        #expect(try await Self.connect(lab, "free/client", Self.hosts[3]) == ["\(Self.hosts[3]) connected"])
    }

    private func killed(_ lab: Lab) async throws {
        let old = try SuiteLab.process("names-node-1", of: lab)
        try old.send(.kill)
        let meanwhile = try await Self.connect(lab, "shop/client", "www.example.com")
        #expect(meanwhile.allSatisfy { $0.hasPrefix("203.0.113.2") }, "\(meanwhile)")
        try await eventually("it runs again") {
            let process = try? SuiteLab.process("names-node-1", of: lab)
            return process.map { $0.pid != old.pid } ?? false
        }
        let again = try await Self.connect(lab, "shop/client", "www.example.com", times: 10)
        #expect(again.allSatisfy { $0.hasSuffix("connected") }, "\(again)")
    }

    private func revoked(_ lab: Lab) async throws {
        try await lab.apply([Self.firewall(in: "shop", "fresh.example.com")])
        try await eventually("what is mentioned no more is closed") {
            try await Self.connect(lab, "shop/client", Self.hosts[0]) == ["\(Self.hosts[0]) failed"]
        }
        try await eventually("and what is mentioned now opens") {
            try await Self.connect(lab, "shop/client", "fresh.example.com") == ["\(Self.hosts[3]) connected"]
        }
    }
}
