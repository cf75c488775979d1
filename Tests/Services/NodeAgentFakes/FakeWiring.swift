import NodeAgent
package import RoutingDriver
package import Synchronization

/// Veth pairs that exist in memory only.
package final class FakeWiring: PodWiring {
    package struct State {
        package var interfaces: [String: PodInterface] = [:]
        package var faults: [String: [String]] = [:]
        package var connects = 0
        package var connectFailure: String?
    }

    package let state = Mutex(State())

    package init() {}

    package func connect(_ interface: PodInterface) async throws {
        try state.withLock { state in
            state.connects += 1
            if let failure = state.connectFailure { throw FakeFailure(description: failure) }
            state.interfaces[interface.hostName] = interface
        }
    }

    package func disconnect(hostInterface: String) async throws {
        state.withLock { $0.interfaces[hostInterface] = nil }
    }

    package func faults(of interface: PodInterface) async throws -> [String] {
        state.withLock { state in
            guard state.interfaces[interface.hostName] != nil else { return ["no link \(interface.hostName)"] }
            return state.faults[interface.hostName] ?? []
        }
    }

    package func hostInterfaces() async throws -> Set<String> { state.withLock { Set($0.interfaces.keys) } }
}

package struct FakeFailure: Error, CustomStringConvertible {
    package let description: String
}
