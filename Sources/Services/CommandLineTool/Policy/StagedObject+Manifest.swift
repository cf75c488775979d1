import ClusterAPI
import ManifestFiles
import PolicyEngine

extension StagedObject {
    /// Nil for an object that stages nothing.
    init?(_ object: ManifestObject) throws(ManifestError) {
        if object.isKind(of: StagedPolicy.self) {
            self = .namespaced(try object.decode(StagedPolicy.self))
        } else if object.isKind(of: ClusterStagedPolicy.self) {
            self = .cluster(try object.decode(ClusterStagedPolicy.self))
        } else {
            return nil
        }
    }
}
