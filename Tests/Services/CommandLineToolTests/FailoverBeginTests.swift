import Foundation
import LinuxSystem
import TestSupport
import Testing

/// `gabion failover` after one that was killed with its keepalived, as a container's processes are.
@Suite("failover that begins again", .requiresRoot, .timeLimit(.minutes(2)))
struct FailoverBeginTests {
    private static let kubeconfig = """
        {"clusters": [{"name": "c", "cluster": {"server": "http://127.0.0.1:1"}}],
        "users": [{"name": "u", "user": {}}], "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
        "current-context": "x"}
        """
    /// As `KeepalivedConfiguration` writes it.
    private static let file = """
        vrrp_instance a {
            virtual_ipaddress {
                192.0.2.100/32 dev eth0
            }
        }

        """

    /// What the DaemonSet gives it.
    private static let capabilities = "-all,+net_admin,+net_raw,+sys_nice"

    @Test("it takes off what other nodes have by now, though no API answers, and no other address, with a pod's rights")
    func leftovers() async throws {
        let directory = try TemporaryDirectory()
        let namespace = try TestNamespace("begin")
        try namespace.run("/usr/sbin/ip", "link", "add", "eth0", "type", "veth", "peer", "name", "eth1")
        for address in ["192.0.2.1/24", "192.0.2.100/32", "192.0.2.101/32"] {
            try namespace.run("/usr/sbin/ip", "address", "add", address, "dev", "eth0")
        }
        try directory.write(Self.kubeconfig, to: "kubeconfig")
        try directory.write(Self.file, to: "keepalived.conf")
        var program = Program(
            "/usr/bin/setpriv",
            [
                "--bounding-set", Self.capabilities, "--inh-caps", "-all", try BuiltProgram.path("gabion"), "failover",
                "--kubeconfig", directory.file("kubeconfig"), "--node", "n1", "--run-dir", directory.path,
            ], environment: Program.ownEnvironment)
        program.namespace = namespace.reference
        program.output = .file(directory.file("output"))
        let process = try program.spawn()
        do {
            try await eventually("the address is gone") {
                try !namespace.run("/usr/sbin/ip", "address", "show", "dev", "eth0").contains("192.0.2.100/")
            }
            let left = try namespace.run("/usr/sbin/ip", "address", "show", "dev", "eth0")
            #expect(left.contains("192.0.2.1/24") && left.contains("192.0.2.101/32"), "\(left)")
            #expect(process.isRunning)
        } catch {
            try await process.end(grace: .zero)
            throw error
        }
        try await process.end(grace: .zero)
    }
}
