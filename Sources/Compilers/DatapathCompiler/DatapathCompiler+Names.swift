package import EgressNames
import NFTables
import NetworkTypes
import PolicyEngine

extension DatapathCompiler {
    /// The sets of the kernel that the process that learns names fills, ascending by name.
    package var nameSets: [NameOrders.KernelSet] {
        nameGroups.map { group in
            NameOrders.KernelSet(
                v4: group.kernelName(.v4).text, v6: group.kernelName(.v6).text,
                selectors: Set(group.members.compactMap(\.nameSelector)))
        }.sorted { $0.v4 < $1.v4 }
    }
}
