/// Who sends a request.
package struct Identity: Hashable, Sendable {
    package let user: String
    package let groups: Set<String>

    package init(user: String, groups: Set<String> = []) {
        self.user = user
        self.groups = groups
    }

    /// May do everything.
    package static let mastersGroup = "system:masters"
    /// The agents; a member's user name is `system:node:NAME`.
    package static let nodesGroup = "system:nodes"
    /// Agents on whose nodes no kubelet runs: they make pods for containers, and bind those that are declared.
    package static let containersGroup = "gabion:containers"
    package static let readersGroup = "gabion:readers"
    package static let controllersGroup = "gabion:controllers"

    /// Pods of EgressGateways; a member's user name is `gabion:gateway:NAMESPACE:NAME`.
    package static let gatewaysGroup = "gabion:gateways"

    /// Root on the unix socket.
    package static let localRoot = Identity(user: "gabion:root", groups: [mastersGroup])

    /// Flows name everybody: for those who may read everything, and for no node.
    package var mayReadFlows: Bool { !groups.isDisjoint(with: [Self.mastersGroup, Self.readersGroup]) }

    /// Namespace and name of the gateway whose pod this identity is, when it is one.
    var gateway: (namespace: String, name: String)? {
        let prefix = "gabion:gateway:"
        guard groups.contains(Self.gatewaysGroup), user.hasPrefix(prefix) else { return nil }
        let words = user.dropFirst(prefix.count).split(separator: ":", omittingEmptySubsequences: false)
        guard words.count == 2, !words[0].isEmpty, !words[1].isEmpty else { return nil }
        return (String(words[0]), String(words[1]))
    }

    /// The node that this identity is, when it is one.
    package var nodeName: String? {
        let prefix = "system:node:"
        guard groups.contains(Self.nodesGroup), user.hasPrefix(prefix), user.count > prefix.count else { return nil }
        return String(user.dropFirst(prefix.count))
    }
}
