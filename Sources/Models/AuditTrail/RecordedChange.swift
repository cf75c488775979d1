import ClusterAPI

/// A request with what it did to one object, in words.
package struct RecordedChange: Hashable, Sendable {
    package let request: RecordedRequest
    /// `zone app`, `namespace shop`, `node n1`.
    package let subject: String
    package let words: [String]

    /// Why nothing changed.
    static func refusal(_ request: RecordedRequest) -> [String] {
        if request.code == 0 { return ["how it ended is not recorded"] }
        return ["refused" + (request.message.map { ": \($0)" } ?? "") + "; nothing changed"]
    }
}

extension RecordedRequest {
    /// What the object was after the request, as far as it is recorded.
    ///
    /// Only a whole object is one: the patch that was sent, or the table that a client asked for, is none.
    func state(kind: String) -> JSONValue? {
        if let result, result["kind"]?.string == kind { return result }
        return result == nil && ["create", "update"].contains(verb) && sent?["kind"]?.string == kind ? sent : nil
    }

    /// Whether a deletion only marked the object, which goes when others let it.
    func waits(kind: String) -> Bool {
        let metadata = state(kind: kind)?["metadata"]
        let finalizers = metadata?["finalizers"]?.array ?? []
        let isHeld = !finalizers.isEmpty || result?["spec"]?["finalizers"]?.array?.isEmpty == false
        return metadata?["deletionTimestamp"]?.string != nil && isHeld
    }

    /// The names of what the deletion of a collection took away; nil when they are not recorded.
    var removedNames: [String]? {
        result?["items"]?.array.map { $0.compactMap { $0["metadata"]?["name"]?.string } }
    }
}
