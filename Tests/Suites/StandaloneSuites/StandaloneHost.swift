import Foundation
import LinuxSystem
import TestSupport
import Testing
import ToolRunner

/// The machine with containerd, podman and `gabion run`.
struct StandaloneHost {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    static let state = "/run/gabion-kubernetes/standalone"
    private static let scripts =
        (#filePath.split(separator: "/").dropLast(4).map { "/" + $0 }.joined()) + "/Suites/standalone"
    private static let kubectl =
        (Environment.value(of: "GABION_TEST_CACHE") ?? "/var/cache/gabion-tests") + "/kubectl-debian"
    private static let podman = [
        "podman", "--root", "/var/lib/suite-podman", "--runroot", "/run/suite-podman", "--storage-driver", "vfs",
        "--cgroup-manager", "cgroupfs",
    ]

    init() throws {
        guard FileManager.default.fileExists(atPath: Self.state + "/machines/machine/ready") else {
            throw Failure(description: "there is no machine: use `make test-standalone`, or \(Self.scripts)/up")
        }
    }

    /// What a command there prints.
    @discardableResult
    func run(_ words: [String], on machine: String = "machine") async throws -> String {
        let output = try await ToolRunner().run(
            "/usr/bin/env", ["bash", Self.scripts + "/on", machine] + words, deadline: .seconds(60))
        return String(decoding: output.standardOutput, as: UTF8.self)
    }

    @discardableResult
    func kubectl(_ words: String...) async throws -> String {
        try await run([Self.kubectl, "--kubeconfig", "/var/lib/gabion/api/admin.kubeconfig"] + words)
    }

    @discardableResult
    func podman(_ words: String...) async throws -> String { try await run(Self.podman + words) }

    @discardableResult
    func ctr(_ words: String...) async throws -> String { try await run(["ctr"] + words) }

    /// Ends `gabion run` or starts it again, and waits until it is.
    func gabion(_ words: String...) async throws {
        _ = try await ToolRunner().run(
            "/usr/bin/env", ["bash", Self.scripts + "/gabion"] + words, deadline: .seconds(60))
    }

    func create(_ manifest: String) async throws {
        let file = Self.state + "/manifest-\(UniqueName.next()).yaml"
        try manifest.write(toFile: file, atomically: true, encoding: .utf8)
        try await kubectl("apply", "-f", file)
        try FileManager.default.removeItem(atPath: file)
    }

    // MARK: Containers

    private static let root = state + "/root"
    /// Answers with its name on port 8080.
    private static func server(_ name: String) -> [String] {
        ["/bin/busybox", "nc", "-ll", "-p", "8080", "-e", "/bin/busybox", "echo", name]
    }

    func startByContainerd(_ name: String, in namespace: String = "default") async throws {
        try await run(
            ["ctr", "-n", namespace, "run", "--detach", "--cni", "--rootfs", Self.root, name] + Self.server(name))
    }

    func endByContainerd(_ name: String, in namespace: String = "default") async throws {
        try await ctr("-n", namespace, "task", "kill", "--signal", "KILL", name)
        try await eventually("\(name) has ended", within: .seconds(10)) {
            (try? await ctr("-n", namespace, "task", "delete", name)) != nil
        }
        try await ctr("-n", namespace, "container", "delete", name)
    }

    func startByPodman(_ name: String, network: String = "gabion") async throws {
        try await run(
            Self.podman + [
                "run", "--detach", "--network", network, "--ulimit", "host", "--name", name, "--rootfs", Self.root,
            ] + Self.server(name))
    }

    /// What the server at an address says to a container; nil when nothing comes.
    func ask(_ address: String, from container: Container) async throws -> String? {
        let question = ["/bin/busybox", "nc", "-w", "2", address, "8080"]
        let words =
            switch container {
            case .podman(let name): Self.podman + ["exec", name] + question
            case .containerd(let name, let namespace):
                ["ctr", "-n", namespace, "task", "exec", "--exec-id", UniqueName.next(), name] + question
            }
        let answer = (try? await run(words))?.filter { !$0.isWhitespace }
        return answer?.isEmpty == false ? answer : nil
    }

    enum Container {
        case podman(String)
        case containerd(String, in: String = "default")
    }

    func address(_ pod: String, in namespace: String = "default") async throws -> String {
        try await kubectl("get", "pod", pod, "-n", namespace, "-o", "jsonpath={.status.podIP}")
    }
}
