import ClusterAPI
import Foundation
import LinkState
import Logging
import NetworkTypes
import NodeModel
import RoutingDriver
import Synchronization

@testable import NodeAgent

/// A datapath that remembers what it was asked, and refuses what it is told to refuse.
final class FakeDatapath: DatapathPort {
    struct State {
        var network: NodeNetwork?
        var attached: [String: PodAttachment] = [:]
        var adopted: [PodAttachment] = []
        var refusal: AttachmentError?
        var isReady = true
    }

    let state = Mutex(State())

    init(subnets: [String] = ["10.128.0.0/24", "fd01::/120"]) {
        state.withLock {
            $0.network = NodeNetwork(
                name: "n1", hostAddresses: [IPAddress(v4: 0xAC1E_0001)], subnets: subnets.compactMap { CIDR($0) },
                podMTU: 1450)
        }
    }

    var nodeNetwork: NodeNetwork? { state.withLock { $0.network } }

    func attach(_ attachment: PodAttachment) async throws(AttachmentError) {
        let refusal = state.withLock { state in
            if state.refusal == nil { state.attached[attachment.interface] = attachment }
            return state.refusal
        }
        if let refusal { throw refusal }
    }

    func detach(containerID: String) async throws(AttachmentError) {
        state.withLock { $0.attached = $0.attached.filter { $0.value.containerID != containerID } }
    }

    func adopt(_ attachments: [PodAttachment]) async { state.withLock { $0.adopted = attachments } }

    func status() async -> AgentStatus {
        var status = AgentStatus(node: "n1")
        status.isReady = state.withLock { $0.isReady }
        status.reason = status.isReady ? nil : "caches are not in sync"
        return status
    }
}

/// Veth pairs that exist in memory only.
final class FakeWiring: PodWiring {
    struct State {
        var interfaces: [String: PodInterface] = [:]
        var faults: [String: [String]] = [:]
        var connects = 0
        var connectFailure: String?
    }

    let state = Mutex(State())

    func connect(_ interface: PodInterface) async throws {
        try state.withLock { state in
            state.connects += 1
            if let failure = state.connectFailure { throw FakeFailure(description: failure) }
            state.interfaces[interface.hostName] = interface
        }
    }

    func disconnect(hostInterface: String) async throws {
        state.withLock { $0.interfaces[hostInterface] = nil }
    }

    func faults(of interface: PodInterface) async throws -> [String] {
        state.withLock { state in
            guard state.interfaces[interface.hostName] != nil else { return ["no link \(interface.hostName)"] }
            return state.faults[interface.hostName] ?? []
        }
    }

    func hostInterfaces() async throws -> Set<String> { state.withLock { Set($0.interfaces.keys) } }
}

struct FakeFailure: Error, CustomStringConvertible {
    let description: String
}

/// A directory that goes away with its owner.
final class ScratchDirectory: Sendable {
    let path = FileManager.default.temporaryDirectory.path + "/gabion-test-\(UUID().uuidString)"

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
