/// The JSON that nft prints, as a tree; objects keep the last of equal members.
enum Listing: Hashable, Sendable {
    case null
    case bool(Bool)
    /// Numbers beyond `Int128` or with a fraction are not among what nft prints; they are read as `null`.
    case number(Int128)
    case text(String)
    case array([Listing])
    case object([String: Listing])

    subscript(_ member: String) -> Listing? {
        guard case .object(let members) = self else { return nil }
        return members[member]
    }

    var text: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }

    var number: Int128? {
        guard case .number(let number) = self else { return nil }
        return number
    }

    var array: [Listing]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The only member of an object that has one, as in `{"jump": {…}}`.
    var single: (key: String, value: Listing)? {
        guard case .object(let members) = self, members.count == 1 else { return nil }
        return members.first.map { ($0.key, $0.value) }
    }
}
