/// A version of the CNI specification that Gabion speaks (github.com/containernetworking/cni, SPEC.md "Released versions").
package enum SpecVersion: String, Codable, Hashable, Sendable, CaseIterable, Comparable {
    case v0_3_1 = "0.3.1"
    case v0_4_0 = "0.4.0"
    case v1_0_0 = "1.0.0"
    case v1_1_0 = "1.1.0"

    package static let newest = SpecVersion.v1_1_0

    package static func < (left: SpecVersion, right: SpecVersion) -> Bool {
        // Every released version has single-digit parts, so that their texts order as they do.
        left.rawValue < right.rawValue
    }
}
