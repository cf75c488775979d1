import ClusterAPI
import Foundation
import Lab
import LinuxSystem
import NetworkTypes
import TestSupport
import Testing

/// Programs that know nothing of Gabion ask for names, in pods of a whole lab.
@Suite("Names of services in pods", .requiresRoot, .serialized, .timeLimit(.minutes(5)))
struct NameServerSuite {
    private static let upstream = "203.0.113.10"

    private static func topology() throws -> LabTopology {
        var topology = LabTopology.standard(ipv6: true)
        topology.serviceNetwork = "172.30.0.0/16,fd99::/112"
        topology.clusterDNS = .init(upstreams: [try #require(IPAddress(upstream))])
        // Its port 53 is for the name server of the test.
        topology.outside[0].ports = ["tcp/80"]
        return topology
    }

    private static func service(_ name: String, _ spec: JSONValue) -> JSONValue {
        [
            "apiVersion": "v1", "kind": "Service", "metadata": ["name": .string(name), "namespace": "shop"],
            "spec": spec,
        ]
    }

    private static let services = [
        service(
            "web",
            [
                "selector": ["app": "web"], "clusterIPs": ["172.30.0.80", "fd99::80"], "clusterIP": "172.30.0.80",
                "ipFamilies": ["IPv4", "IPv6"], "ipFamilyPolicy": "RequireDualStack",
                "ports": [["name": "http", "port": 80, "targetPort": 8080]],
            ]),
        service("db", ["selector": ["app": "db"], "clusterIP": "None", "ports": [["name": "pg", "port": 8080]]]),
        service("out", ["type": "ExternalName", "externalName": "www.example.org"]),
    ]

    private static let pods = [
        SuiteLab.pod("client", node: "node-1"), SuiteLab.pod("web", node: "node-2"),
        SuiteLab.pod("db", node: "node-2", more: ["hostname": "db-0", "subdomain": "db"]),
        SuiteLab.pod("shut", node: "node-1"),
        SuiteLab.pod("machine", node: "node-1", more: ["dnsPolicy": "Default"]),
        SuiteLab.pod("host", node: "node-2", more: ["hostNetwork": true, "dnsPolicy": "ClusterFirstWithHostNet"]),
    ]

    /// Answers every question for an address with 198.51.100.1, and AAAA with nothing.
    private static let foreignNames = """
        import socket
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.bind(("203.0.113.10", 53))
        while True:
            q, peer = s.recvfrom(2048)
            end = 12
            while q[end]: end += q[end] + 1
            question = q[12:end + 5]
            wants = question[-4:-2] == b"\\0\\1"
            a = b"\\xc0\\x0c\\0\\1\\0\\1\\0\\0\\0\\x3c\\0\\4" + bytes([198, 51, 100, 1]) if wants else b""
            s.sendto(q[:2] + b"\\x81\\x80\\0\\1" + (b"\\0\\1" if wants else b"\\0\\0") + b"\\0\\0\\0\\0" + question + a, peer)
        """

    @Test("the system's resolver knows them, policies decide who may ask, and an agent's restart interrupts nothing")
    func names() async throws {
        try await SuiteLab.with(try Self.topology(), objects: Self.pods + Self.services) { lab in
            var server = Program("/usr/bin/python3", ["-c", Self.foreignNames])
            server.namespace = try await lab.namespace(of: "outside/internet")
            let foreign = try server.spawn()
            try await told(lab)
            try await policy(lab)
            try await restart(lab)
            try foreign.send(.kill)
        }
    }

    private func told(_ lab: Lab) async throws {
        var addresses: [String: Set<String>] = [:]
        for pod in try await lab.snapshot().pods { addresses["\(pod.key)"] = Set(pod.addressTexts) }
        let database = try #require(addresses["shop/db"]).filter { $0.contains(".") }
        let cases: [(place: String, name: String, expected: Set<String>)] = [
            ("shop/client", "web", ["172.30.0.80", "fd99::80"]),
            ("shop/client", "web.shop", ["172.30.0.80", "fd99::80"]),
            ("shop/client", "WEB.shop.svc.cluster.local", ["172.30.0.80", "fd99::80"]),
            ("shop/client", "db", database), ("shop/client", "db-0.db.shop.svc.cluster.local", database),
            ("shop/client", "out", ["198.51.100.1"]), ("shop/client", "www.example.org", ["198.51.100.1"]),
            ("shop/client", "nobody.shop.svc.cluster.local", []),
            ("shop/host", "web.shop", ["172.30.0.80", "fd99::80"]),
            ("shop/machine", "web.shop.svc.cluster.local", []),
        ]
        for (place, name, expected) in cases {
            try await eventually("\(name) in \(place) is \(expected)", within: .seconds(15)) {
                try await Self.addresses(of: name, at: place, lab) == expected
            }
        }
        // Whose an address is, and where a port is.
        #expect(
            try await Self.run(["getent", "hosts", "172.30.0.80"], at: "shop/client", lab).contains(
                "web.shop.svc.cluster.local"))
        let found = try await Self.run(["python3", "-c", Self.locate], at: "shop/client", lab)
        #expect(found.contains("port 8080 at db-0.db.shop.svc.cluster.local"), "\(found)")
    }

    /// Pods may ask who asks them: a pod that may not go out has no names, unless a policy lets it ask.
    private func policy(_ lab: Lab) async throws {
        let own = Set(["172.30.0.80", "fd99::80"])
        #expect(try await Self.addresses(of: "web", at: "shop/shut", lab) == own)
        let shut: JSONValue = [
            "podSelector": ["matchLabels": ["app": "shut"]], "policyTypes": ["Egress"], "egress": [],
        ]
        try await lab.apply([SuiteLab.policy("shut", spec: shut)])
        try await eventually("no names", within: .seconds(20)) {
            try await Self.addresses(of: "web", at: "shop/shut", lab).isEmpty
        }
        #expect(try await Self.addresses(of: "web", at: "shop/client", lab) == own)
        // As people write it for Kubernetes.
        let servers: JSONValue = [
            "namespaceSelector": ["matchLabels": ["kubernetes.io/metadata.name": "kube-system"]],
            "podSelector": ["matchLabels": ["k8s-app": "kube-dns"]],
        ]
        let ask: JSONValue = [
            "podSelector": [:], "policyTypes": ["Egress"],
            "egress": [
                ["to": [servers], "ports": [["port": 53, "protocol": "UDP"], ["port": 53, "protocol": "TCP"]]]
            ],
        ]
        try await lab.apply([SuiteLab.policy("may-ask", spec: ask)])
        try await eventually("names again", within: .seconds(20)) {
            try await Self.addresses(of: "web", at: "shop/shut", lab) == own
        }
        try await lab.delete([SuiteLab.policy("may-ask", spec: ask), SuiteLab.policy("shut", spec: shut)])
    }

    /// Names go on without agents, without the API and, from the other node's server, without the own one.
    private func restart(_ lab: Lab) async throws {
        let own = Set(["172.30.0.80", "fd99::80"])
        let watched = ["agent-node-1", "agent-node-2", "apiserver"]
        for name in watched {
            let old = try SuiteLab.process(name, of: lab)
            try old.send(.kill)
            try await eventually("\(name) is a new process", within: .seconds(20)) {
                let answer = try await Self.addresses(of: "web", at: "shop/client", lab)
                #expect(answer == own, "while \(name) was dead")
                let now = try? SuiteLab.process(name, of: lab)
                return now.map { $0.pid != old.pid } ?? false
            }
        }
        try await eventually("the API is back") { (try? await lab.snapshot()) != nil }
        try await lab.delete([
            ["apiVersion": "v1", "kind": "Pod", "metadata": ["name": "dns-node-1", "namespace": "kube-system"]]
        ])
        try await eventually("the other node's server tells", within: .seconds(20)) {
            try await Self.addresses(of: "web", at: "shop/client", lab) == own
        }
    }

    private static let locate = """
        import socket, random
        name = b"".join(bytes([len(l)]) + l.encode() for l in "_pg._tcp.db.shop.svc.cluster.local".split(".")) + b"\\0"
        server = [l.split()[1] for l in open("/etc/resolv.conf") if l.startswith("nameserver")][0]
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.settimeout(5)
        s.sendto(b"\\x12\\x34\\1\\0\\0\\1\\0\\0\\0\\0\\0\\0" + name + b"\\0\\x21\\0\\1", (server, 53))
        r = s.recv(2048)
        place = 12 + len(name) + 4 + 12
        assert r[6:8] == b"\\0\\1", r
        port = int.from_bytes(r[place + 4:place + 6], "big")
        labels, at = [], place + 6
        while r[at]:
            labels.append(r[at + 1:at + 1 + r[at]].decode())
            at += r[at] + 1
        print("port", port, "at", ".".join(labels))
        """

    /// What the C library finds, as `getent ahosts` prints it; empty if it finds nothing.
    private static func addresses(of name: String, at place: String, _ lab: Lab) async throws -> Set<String> {
        let text = try await run(["getent", "ahosts", name], at: place, lab)
        return Set(text.split(separator: "\n").compactMap { $0.split(separator: " ").first.map(String.init) })
    }

    /// What a program of a pod prints, whatever its exit code is.
    private static func run(_ command: [String], at place: String, _ lab: Lab) async throws -> String {
        let directory = try TemporaryDirectory()
        var program = Program(
            "/usr/bin/" + command[0], Array(command.dropFirst()), environment: ["RES_OPTIONS": "timeout:2 attempts:2"])
        program.namespace = try await namespace(of: place, lab)
        program.resolverFile = lab.resolverFile(of: place)
        program.output = .file(directory.file("out"))
        let status = try await program.spawn().exit(within: .seconds(25))
        #expect(status != nil, "\(command) at \(place) does not end")
        return (try? String(contentsOfFile: directory.file("out"), encoding: .utf8)) ?? ""
    }

    /// Without the API, which may be away.
    private static func namespace(of place: String, _ lab: Lab) async throws -> NamespaceReference {
        let key = try #require(ObjectKey(place))
        if key.name == "host" { return try await lab.namespace(of: place) }
        return .named(lab.directory.name.podNamespace(namespace: key.namespace, name: key.name))
    }
}
