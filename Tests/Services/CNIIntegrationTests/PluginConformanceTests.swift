import CNISpec
import Foundation
import NetworkTypes
import NodeAgentFakes
import Synchronization
import TestSupport
import Testing

@Suite("The plugin conforms to every version of the specification", .requiresRoot, .timeLimit(.minutes(2)))
struct PluginConformanceTests {
    @Test("ADD, CHECK and DEL in every version, on real interfaces", arguments: ["0.3.1", "0.4.0", "1.0.0", "1.1.0"])
    func lifeCycle(_ version: String) async throws {
        let host = try PluginHost()
        let pod = try TestNamespace("pod", loopback: false)
        try await host.withAgent { () async throws -> Void in
            let added = try await host.call("ADD", pod: pod, version: version)
            #expect(added.exitCode == 0, "\(added.output)")
            let result = try added.decoded(as: CNIResult.self)
            #expect(result.cniVersion == version)
            #expect(result.ips?.map(\.address) == ["10.128.0.2/32", "fd01::2/128"])
            #expect((result.ips?.first?.version == "4") == (version < "1.0.0"))
            #expect((result.interfaces?.first?.mtu == 1450) == (version == "1.1.0"))
            try expectWired(pod, host: host, interface: try #require(result.interfaces?.first?.name))
            if version >= "0.4.0" {
                let checked = try await host.call(
                    "CHECK", pod: pod, version: version, extra: #","prevResult":\#(added.output)"#)
                #expect(checked.exitCode == 0 && checked.output.isEmpty, "\(checked.output)")
            }
            let deleted = try await host.call("DEL", pod: pod, version: version)
            #expect(deleted.exitCode == 0 && deleted.output.isEmpty, "\(deleted.output)")
            #expect(try links(in: host.node) == ["lo"])
            #expect(try links(in: pod) == ["lo"])
        }
    }

    @Test("a container on two networks: DEL of either leaves the other wired", arguments: ["eth0", "net1"])
    func twoInterfaces(gone: String) async throws {
        let host = try PluginHost()
        let pod = try TestNamespace("pod", loopback: false)
        let networks = ["eth0": "gabion", "net1": "storage"]
        let kept = gone == "eth0" ? "net1" : "eth0"
        try await host.withAgent { () async throws -> Void in
            var outputs: [String: String] = [:]
            for (interface, network) in networks.sorted(by: { $0.key < $1.key }) {
                let added = try await host.call("ADD", pod: pod, network: network, interface: interface)
                #expect(added.exitCode == 0, "\(added.output)")
                outputs[interface] = added.output
            }
            for (interface, network) in networks {
                let previous = #","prevResult":\#(outputs[interface] ?? "")"#
                let checked = try await host.call(
                    "CHECK", pod: pod, network: network, interface: interface, extra: previous)
                #expect(checked.exitCode == 0, "\(interface): \(checked.output)")
            }
            let deleted = try await host.call("DEL", pod: pod, network: networks[gone] ?? "", interface: gone)
            #expect(deleted.exitCode == 0, "\(deleted.output)")
            let left = try links(in: pod).sorted()
            #expect(left == [kept, "lo"].sorted())
            #expect(host.datapath.state.withLock { $0.attached.count } == 1)
            #expect(try pod.run("/usr/sbin/ip", "route").contains("default via 169.254.1.1 dev \(kept)"))
            let checked = try await host.call(
                "CHECK", pod: pod, network: networks[kept] ?? "", interface: kept,
                extra: #","prevResult":\#(outputs[kept] ?? "")"#)
            #expect(checked.exitCode == 0, "\(checked.output)")
        }
    }

    /// What `ip`, an independent witness, sees of a pod's network.
    private func expectWired(_ pod: TestNamespace, host: PluginHost, interface: String) throws {
        #expect(try links(in: host.node).contains(interface))
        let addresses = try pod.run("/usr/sbin/ip", "-o", "address", "show", "dev", "eth0")
        #expect(addresses.contains("10.128.0.2/32") && addresses.contains("fd01::2/128"))
        #expect(try pod.run("/usr/sbin/ip", "route").contains("default via 169.254.1.1 dev eth0"))
        #expect(try pod.run("/usr/sbin/ip", "-6", "route").contains("default via fe80::1 dev eth0"))
        #expect(try pod.run("/usr/sbin/ip", "link", "show", "dev", "eth0").contains("mtu 1450"))
        #expect(
            try pod.run("/usr/sbin/ip", "neighbour").contains("169.254.1.1 dev eth0 lladdr 0a:58:a9:fe:01:01 PERMANENT")
        )
    }

    private func links(in namespace: TestNamespace) throws -> [String] {
        try namespace.run("/usr/sbin/ip", "-o", "link").split(separator: "\n").compactMap { line in
            line.split(separator: " ").dropFirst().first?.split(separator: "@").first.map {
                $0.trimmingCharacters(in: [":"])
            }
        }.filter {
            !["tunl0", "sit0", "ip6tnl0", "gre0", "gretap0", "erspan0", "ip_vti0", "ip6_vti0", "ip6gre0"].contains($0)
        }
    }

    @Test(
        "CHECK finds an address, a route or an interface that somebody removed",
        arguments: [
            ["address", "del", "10.128.0.2/32", "dev", "eth0"], ["route", "del", "default"], ["link", "del", "eth0"],
        ])
    func damage(_ command: [String]) async throws {
        let host = try PluginHost()
        let pod = try TestNamespace("pod")
        try await host.withAgent { () async throws -> Void in
            let added = try await host.call("ADD", pod: pod)
            try TestProgram.run("/usr/sbin/ip", command, in: pod.reference)
            let checked = try await host.call("CHECK", pod: pod, extra: #","prevResult":\#(added.output)"#)
            #expect(checked.exitCode == 1)
            #expect(try checked.decoded(as: PluginError.Document.self).code == 100, "\(checked.output)")
        }
    }

    @Test("with the agent gone, STATUS is code 50, ADD and DEL ask to try again, and VERSION still answers")
    func agentDead() async throws {
        let host = try PluginHost()
        let pod = try TestNamespace("pod")
        #expect(try await host.call("STATUS").decoded(as: PluginError.Document.self).code == 50)
        for command in ["ADD", "DEL"] {
            let answer = try await host.call(command, pod: pod)
            #expect(answer.exitCode == 1)
            let document = try answer.decoded(as: PluginError.Document.self)
            #expect(document.code == 11)
            #expect(document.msg.contains(host.socket))
        }
        let version = try await host.run(["CNI_COMMAND=VERSION"], input: #"{"cniVersion":"1.0.0"}"#)
        #expect(version.exitCode == 0)
        #expect(try version.decoded(as: VersionInfo.self).supportedVersions == ["0.3.1", "0.4.0", "1.0.0", "1.1.0"])
    }

    @Test("an attachment outlives the agent: the next one answers the same ADD and can delete it")
    func agentRestart() async throws {
        let host = try PluginHost()
        let pod = try TestNamespace("pod")
        let first = try await host.withAgent { try await host.call("ADD", pod: pod) }
        try await host.withAgent { () async throws -> Void in
            #expect(try await host.call("ADD", pod: pod).output == first.output)
            #expect(try await host.call("DEL", pod: pod).exitCode == 0)
        }
        #expect(try links(in: host.node) == ["lo"])
    }

    @Test("DEL works after the pod's namespace is gone, and for a container nobody knows")
    func lateDelete() async throws {
        let host = try PluginHost()
        try await host.withAgent { () async throws -> Void in
            do {
                let pod = try TestNamespace("pod")
                #expect(try await host.call("ADD", pod: pod).exitCode == 0)
            }
            #expect(try await host.call("DEL").exitCode == 0)
            #expect(try await host.call("DEL", container: "stranger").exitCode == 0)
        }
    }

    @Test("GC removes what the runtime no longer lists, down to the interface")
    func garbage() async throws {
        let host = try PluginHost()
        let pods = try (0..<3).map { try TestNamespace("pod\($0)") }
        try await host.withAgent { () async throws -> Void in
            for (index, pod) in pods.enumerated() {
                #expect(try await host.call("ADD", container: "c\(index)", pod: pod).exitCode == 0)
            }
            let list = #","cni.dev/valid-attachments":[{"containerID":"c1","ifname":"eth0"}]"#
            #expect(try await host.call("GC", extra: list).exitCode == 0)
            #expect(try links(in: host.node).filter { $0.hasPrefix("gab") }.count == 1)
        }
    }

    struct Garbage: CustomTestStringConvertible {
        let input: String
        let code: Int
        var testDescription: String { "\(code): \(input)" }
    }

    @Test(
        "bad input is an error document and changes nothing",
        arguments: [
            Garbage(input: "", code: 6), Garbage(input: "{", code: 6), Garbage(input: "[]", code: 6),
            Garbage(input: #"{"cniVersion":"0.2.0","name":"x"}"#, code: 1),
            Garbage(input: #"{"cniVersion":"1.1.0"}"#, code: 7),
            Garbage(input: #"{"cniVersion":"1.1.0","name":"../x"}"#, code: 7),
            Garbage(input: #"{"cniVersion":"1.1.0","name":"n","prevResult":7}"#, code: 6),
        ])
    func badInput(_ garbage: Garbage) async throws {
        let host = try PluginHost()
        let answer = try await host.run(
            ["CNI_COMMAND=ADD", "CNI_CONTAINERID=c", "CNI_NETNS=/x", "CNI_IFNAME=eth0"], input: garbage.input)
        #expect(answer.exitCode == 1)
        #expect(try answer.decoded(as: PluginError.Document.self).code == garbage.code, "\(answer.output)")
    }
}
