import ClusterAPI
import Foundation
import Lab
import LinuxSystem
import NetworkTypes
import TestSupport
import Testing
import ToolRunner

/// Labs of these suites: one at a time per test, gone when the test ends, however it ends.
enum SuiteLab {
    static func with<Result>(
        _ topology: LabTopology = .standard(), objects: [JSONValue], binaries: LabBinaries? = nil,
        _ body: (Lab) async throws -> Result
    ) async throws -> Result {
        let name = try LabName("s" + UniqueName.next().lowercased().filter { $0.isLetter || $0.isNumber }.suffix(12))
        let lab = try await Lab.up(name, topology, objects: objects, endsWithThisProcess: true, binaries: binaries)
        do {
            let result = try await body(lab)
            try await lab.down()
            return result
        } catch {
            let logs =
                lab.directory.tail(ofLog: "supervisor") + "\n" + lab.directory.tail(ofLog: "agent-node-1", lines: 25)
            try? await lab.down()
            throw SuiteFailure(description: "\(error)\n\(logs)")
        }
    }

    /// The first address of a pod, as `shop/web`.
    static func address(of pod: String, _ lab: Lab) async throws -> IPAddress {
        let found = try await lab.snapshot().pods.first { $0.key.description == pod }?.addressTexts.first
        return try #require(found.flatMap { IPAddress($0) })
    }

    /// Whether a TCP connection is made, in the time in which an open one is.
    static func connects(_ place: NamespaceReference, _ target: IPAddress, _ port: UInt16 = 8080) throws -> Bool {
        try TestSupport.Probe.connect(
            from: place, to: SocketAddress(target, port: port), timeout: .milliseconds(400)) == .connected
    }

    static func pod(
        _ name: String, in namespace: String = "shop", labels: [String: String] = [:], node: String? = nil,
        ports: [Int] = [8080], annotations: [String: String] = [:], more: [String: JSONValue] = [:]
    ) -> JSONValue {
        let labels = labels.merging(["app": name]) { given, _ in given }
        let list = ports.map { JSONValue.object(["containerPort": .int(Int64($0)), "name": .string("p\($0)")]) }
        var spec: [String: JSONValue] = ["containers": [["name": "main", "ports": .array(list)]]]
        if let node { spec["nodeName"] = .string(node) }
        return [
            "apiVersion": "v1", "kind": "Pod",
            "metadata": [
                "name": .string(name), "namespace": .string(namespace),
                "labels": .object(labels.mapValues(JSONValue.string)),
                "annotations": .object(annotations.mapValues(JSONValue.string)),
            ],
            "spec": .object(spec.merging(more) { _, new in new }),
        ]
    }

    static func policy(_ name: String, in namespace: String = "shop", spec: JSONValue) -> JSONValue {
        [
            "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
            "metadata": ["name": .string(name), "namespace": .string(namespace)], "spec": spec,
        ]
    }

    /// What a program prints inside one of the lab's places.
    static func run(_ command: [String], at place: String, of lab: Lab) async throws -> String {
        let namespace = try await lab.namespace(of: place)
        return try await run(command, in: namespace)
    }

    static func run(_ command: [String], in namespace: NamespaceReference) async throws -> String {
        let output = try await ToolRunner().run(
            command[0], Array(command.dropFirst()), in: namespace, deadline: .seconds(20))
        return String(decoding: output.standardOutput, as: UTF8.self)
    }

    /// The process of the lab with this name.
    static func process(_ name: String, of lab: Lab) throws -> ProcessHandle {
        let processes = try lab.state().processes
        guard let pid = processes.first(where: { $0.name == name })?.pid else {
            throw SuiteFailure(description: "no process \(name) among \(processes.map(\.name))")
        }
        return try ProcessHandle(pid: pid)
    }
}

struct SuiteFailure: Error, CustomStringConvertible {
    let description: String
}
