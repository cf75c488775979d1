package import ClusterAPI

/// What `/version` answers: the Kubernetes level that clients judge the server's abilities by.
package enum ServerVersion {
    package static let document: JSONValue = [
        "major": "1", "minor": "32", "gitVersion": "v1.32.0+gabion", "gitCommit": "", "gitTreeState": "clean",
        "buildDate": "1970-01-01T00:00:00Z", "goVersion": "", "compiler": "swiftc", "platform": "linux/amd64",
    ]
}
