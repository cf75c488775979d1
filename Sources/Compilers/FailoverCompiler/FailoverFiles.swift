import Keepalived
import NetworkTypes

/// The files of one node's keepalived, all in one directory.
package struct FailoverFiles: Hashable, Sendable {
    package let directory: String

    /// Nil for a directory that keepalived.conf cannot name.
    package init?(directory: String) {
        guard QuotedPath(directory) != nil else { return nil }
        self.directory = directory
    }

    package var configuration: String { directory + "/keepalived.conf" }
    package var pidFile: String { directory + "/keepalived.pid" }
    package var vrrpPidFile: String { directory + "/vrrp.pid" }
    package var log: String { directory + "/keepalived.log" }
    package var pipe: String { directory + "/notify" }

    /// `0` while a group's addresses may be here.
    ///
    /// Named by a hash, since a group's name may be longer than a file's.
    package func health(of group: String) -> String { directory + "/health-" + group.stableHash }
}
