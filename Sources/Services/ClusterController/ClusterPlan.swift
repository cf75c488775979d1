import AddressAllocation

/// What has to be done so that the cluster is as it should be, and what stands in the way.
package struct ClusterPlan: Hashable, Sendable {
    package internal(set) var actions: [ControllerAction] = []
    package internal(set) var findings: Set<Finding> = []

    /// Plans from a complete snapshot.
    ///
    /// Pure: the same snapshot and memory give the same plan. A snapshot in which all actions are done gives a plan
    /// without actions.
    package static func make(for snapshot: ClusterSnapshot, memory: inout AllocationMemory) -> ClusterPlan {
        var plan = ClusterPlan()
        guard snapshot.isComplete else { return plan }
        plan.planSubnets(snapshot, memory: &memory)
        plan.planNetIDs(snapshot, memory: &memory)
        return plan
    }
}

/// How far the allocators have counted: kept between plans so that what was freed is given again last.
package struct AllocationMemory: Hashable, Sendable {
    var ranges: ClusterRanges?
    var subnets = SubnetAllocator(ranges: [])
    var netIDs: NetIDAllocator?

    package init() {}
}
