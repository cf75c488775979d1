/// What VERSION answers.
package struct VersionInfo: Codable, Hashable, Sendable {
    package var cniVersion: String
    package var supportedVersions: [String]

    /// `asked` is the version of the runtime's request; it is echoed when we speak it.
    package init(asked: String?) {
        cniVersion = asked.flatMap(SpecVersion.init(rawValue:))?.rawValue ?? SpecVersion.newest.rawValue
        supportedVersions = SpecVersion.allCases.map(\.rawValue)
    }
}
