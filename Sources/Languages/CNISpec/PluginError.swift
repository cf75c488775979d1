/// A failure as the specification puts it on standard output: version, code, message, details.
package struct PluginError: Error, Hashable, Sendable {
    package let code: Code
    /// One sentence: what failed, on what.
    package let message: String
    /// Why, and what to do; may be empty.
    package let details: String

    package init(_ code: Code, _ message: String, details: String = "") {
        self.code = code
        self.message = message
        self.details = details
    }

    /// SPEC.md, "Error": 1–99 are the specification's, 100 and above the plugin's own.
    package enum Code: Int, Codable, Hashable, Sendable {
        case incompatibleVersion = 1
        case unsupportedField = 2
        case unknownContainer = 3
        case invalidEnvironment = 4
        case ioFailure = 5
        case decodingFailure = 6
        case invalidConfiguration = 7
        case tryAgainLater = 11
        /// STATUS: ADD would fail.
        case notAvailable = 50
        /// STATUS: ADD would fail, and running containers may have lost connectivity.
        case notAvailableLimitedConnectivity = 51
        /// CHECK: the container's network is not as ADD left it.
        case checkFailed = 100
        case addressesExhausted = 101
        case attachFailed = 102
    }

    /// The document that goes to standard output.
    package func document(version: String) -> Document {
        Document(cniVersion: version, code: code.rawValue, msg: message, details: details.isEmpty ? nil : details)
    }

    package struct Document: Codable, Hashable, Sendable {
        package let cniVersion: String
        package let code: Int
        package let msg: String
        package let details: String?
    }
}
