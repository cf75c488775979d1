/// Why the store cannot do its work.
package enum StoreError: Error, CustomStringConvertible {
    /// Another process has the file open.
    case busy(String)
    case unreadable(String, String)
    /// The store is shutting down; the write did not happen.
    case closed
    case commitFailed(String)

    package var description: String {
        switch self {
        case .busy(let path): "\(path) is in use by another gabion apiserver; stop that one first"
        case .unreadable(let path, let why): "cannot use \(path): \(why)"
        case .closed: "the server is shutting down"
        case .commitFailed(let why): "the change could not be written to disk: \(why)"
        }
    }
}
