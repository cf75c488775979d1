import ClusterAPI

/// What containers ask for of a machine: `kubectl describe` shows it, and how safe a pod is in what it has.
enum PodResources {
    private static let counted = ["cpu", "memory"]

    /// A container that says only what it may have at most asks for just that.
    static func withDefaults(_ resources: JSONValue) -> JSONValue {
        guard let limits = resources["limits"]?.object, !limits.isEmpty else { return resources }
        var resources = resources
        resources["requests"] = .object((resources["requests"]?.object ?? [:]).merging(limits) { own, _ in own })
        return resources
    }

    /// Guaranteed where every container has all that it may have; BestEffort where none asks for anything.
    static func quality(of spec: JSONValue?) -> String {
        let containers = ["initContainers", "containers"].flatMap { spec?[$0]?.array ?? [] }
        let amounts = containers.map { container in
            counted.map { (container["resources"]?["requests"]?[$0], container["resources"]?["limits"]?[$0]) }
        }
        if amounts.joined().allSatisfy({ $0.0 == nil && $0.1 == nil }) { return "BestEffort" }
        return amounts.joined().allSatisfy { $0.1 != nil && $0.0 == $0.1 } ? "Guaranteed" : "Burstable"
    }
}
