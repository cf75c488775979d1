/// Something about an installation that cannot be, or is not to be.
package struct InstallationFault: Error, Hashable, Sendable {
    /// The way to the key; a number is the place in a list.
    package let path: [String]
    /// Why it cannot be.
    package let problem: String
    /// What to write instead.
    package let remedy: String

    package init(_ path: [String], _ problem: String, remedy: String) {
        self.path = path
        self.problem = problem
        self.remedy = remedy
    }

    /// `network.pods[0].cidr`.
    package var key: String {
        path.reduce(into: "") { text, step in
            if Int(step) != nil { text += "[\(step)]" } else { text += text.isEmpty ? step : ".\(step)" }
        }
    }
}
