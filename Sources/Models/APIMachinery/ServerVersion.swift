package import ClusterAPI

/// What `/version` answers: the Kubernetes level that clients judge the server's abilities by.
package enum ServerVersion {
    package static let document: JSONValue = [
        "major": "1", "minor": "32", "gitVersion": .string("v1.32.0" + mark), "gitCommit": "", "gitTreeState": "clean",
        "buildDate": "1970-01-01T00:00:00Z", "goVersion": "", "compiler": "swiftc", "platform": "linux/amd64",
    ]

    private static let mark = "+gabion"

    /// True for the answer of the embedded server, beside which no controllers of Kubernetes run.
    package static func isOurs(_ document: JSONValue) -> Bool {
        document["gitVersion"]?.string?.hasSuffix(mark) == true
    }
}
