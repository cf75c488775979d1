/// Why a listing of nft could not be understood.
package enum ListingError: Error, Hashable, Sendable, CustomStringConvertible {
    case notJSON(String, offset: Int)
    /// JSON, but not what `nft -j list table` prints.
    case unexpected(String)

    package var description: String {
        switch self {
        case .notJSON(let what, let offset): "the listing of nft is not JSON: \(what) at byte \(offset)"
        case .unexpected(let what): "the listing of nft is not as expected: \(what)"
        }
    }
}
