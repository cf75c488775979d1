/// Why keys, certificates or tokens cannot be used.
package enum SecurityError: Error, CustomStringConvertible {
    case file(String, String)
    case notInitialised(String)
    case badAddress(String)
    case cannotListen(String, String)

    package var description: String {
        switch self {
        case .file(let path, let why): "cannot use \(path): \(why)"
        case .notInitialised(let directory):
            "\(directory) holds no certificate authority; start `gabion apiserver --data-dir \(directory)` once"
        case .cannotListen(let place, let why): "cannot listen on \(place): \(why); is another server running there?"
        case .badAddress(let text): "\"\(text)\" is not an address of the form HOST:PORT or [IPv6]:PORT"
        }
    }
}
