import ClusterAPI
import FoundationEssentials
import LinuxSystem
package import NetworkTypes
import PolicyEngine
import RoutingDriver
package import ServiceVerdicts
import ToolRunner

/// The nodes at which the lab takes in what hosts outside send to addresses of services.
package struct Entrances: Hashable, Sendable {
    /// By address; what is not among them comes in nowhere.
    package internal(set) var nodes: [IPAddress: String] = [:]

    package init() {}
}

extension Lab {
    /// Asks the lab's router, and where that leaves it to the underlay, the nodes.
    package func entrances(for questions: [Question], _ services: ServiceObjects) async throws -> Entrances {
        let known = services.serviceAddresses
        var asked: Set<IPAddress> = []
        for question in questions {
            switch question.to {
            case .party(.address(let address)) where known.contains(address): asked.insert(address)
            case .service(let key):
                let texts = services.services[key]?.clusterAddressTexts ?? []
                asked.formUnion(texts.compactMap { IPAddress($0) })
            default: break
            }
        }
        var entrances = Entrances()
        for address in asked { entrances.nodes[address] = try await entrance(for: address) }
        return entrances
    }

    private func entrance(for address: IPAddress) async throws -> String? {
        let router = directory.name.routerNamespace
        let arguments = ["-j", "route", "get", "\(address)"]
        // It ends with an error where there is no route.
        guard let output = try? await ToolRunner().run("ip", arguments, in: .named(router)),
            let routes = try? JSONDecoder().decode([JSONValue].self, from: Data(output.standardOutput)),
            let route = routes.first
        else { return nil }
        if let gateway = (route["gateway"]?.string).flatMap({ IPAddress($0) }) {
            return topology.nodes.map(\.name).first { topology.addresses(ofNode: $0).contains(gateway) }
        }
        return try topology.nodes.map(\.name).first { name in
            try Rtnetlink(in: .named(directory.name.nodeNamespace(name))).localAddresses().contains(address)
        }
    }
}
