/// The version of this build, said in one place.
package enum GabionVersion {
    /// Semantic version of the source tree.
    package static let text = "0.1.0"
}
