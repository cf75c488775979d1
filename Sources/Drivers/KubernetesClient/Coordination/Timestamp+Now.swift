package import ClusterAPI
import FoundationEssentials

extension Timestamp {
    /// The system's clock.
    package static func now() -> Timestamp {
        Timestamp(microsecondsSince1970: Int64(Date.now.timeIntervalSince1970 * 1_000_000))
    }
}
