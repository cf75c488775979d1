import CLinux
import Glibc

/// The environment variables of this process.
package enum Environment {
    package static func value(of name: String) -> String? {
        guard let text = getenv(name) else { return nil }
        return String(cString: text)
    }

    package static func all() -> [String: String] {
        var result: [String: String] = [:]
        guard var cursor = clinux_environment() else { return result }
        while let entry = cursor.pointee {
            let parts = String(cString: entry).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { result[String(parts[0])] = String(parts[1]) }
            cursor += 1
        }
        return result
    }
}
