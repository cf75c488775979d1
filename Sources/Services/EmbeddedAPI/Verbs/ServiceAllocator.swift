import APIMachinery
import AddressAllocation
import ClusterAPI
import NetworkTypes

/// Allocates in the writer, where what is free cannot change under its hands.
///
/// The stored Services are the only record of what is taken.
struct ServiceAllocator: Sendable {
    let settings: ServiceSettings
    /// Drawn before the writer decides.
    private let start = UInt64.random(in: 0 ... .max)

    private static let network = StoreKey(
        resource: "clusternetworks.network.openshift.io", namespace: "", name: "default")

    init(settings: ServiceSettings) { self.settings = settings }

    /// A Service with what it needs; objects of other kinds as they are.
    func complete(
        _ object: JSONValue, replacing existing: JSONValue?, _ key: StoreKey, _ resource: ResourceDescriptor,
        in view: StoreView
    ) throws -> JSONValue {
        guard key.resource == "services" else { return object }
        let allocation = ServiceAllocation(ranges: try ranges(view), nodePorts: settings.nodePorts, start: start) {
            view.isHeld($0, byOtherThan: key)
        }
        return try allocation.complete(object, replacing: existing, of: resource)
    }

    /// Those of the ClusterNetwork, which agents and controller believe too; else those that the server was started with.
    private func ranges(_ view: StoreView) throws -> [ServiceAddressRange] {
        let text = try view[Self.network]?.document["serviceNetwork"]?.string
        return text.flatMap(ServiceSettings.ranges)?.map(ServiceAddressRange.init) ?? settings.ranges
    }
}
