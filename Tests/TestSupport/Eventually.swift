package import Testing

/// What a test waited for did not come.
package struct NotInTime: Error, CustomStringConvertible {
    package let description: String
}

/// Waits until something is so that another task or process brings about.
///
/// An error of `isSo` ends the waiting and is thrown; after `limit` it is `NotInTime`, which says where and for what.
package func eventually(
    _ what: String = "it is so", within limit: Duration = .seconds(20),
    location: SourceLocation = #_sourceLocation, _ isSo: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while true {
        if try await isSo() { return }
        if ContinuousClock.now > end {
            throw NotInTime(description: "\(location.fileID):\(location.line): not within \(limit): \(what)")
        }
        try await Task.sleep(for: .milliseconds(20))
    }
}

/// The first answer to `question`; no answer, and an error, are reasons to ask again.
package func eventualAnswer<Value>(
    _ what: String = "there is an answer", within limit: Duration = .seconds(40),
    location: SourceLocation = #_sourceLocation, _ question: () async throws -> Value?
) async throws -> Value {
    var answer: Value?
    var complaint = ""
    do {
        try await eventually(what, within: limit, location: location) {
            do {
                answer = try await question()
            } catch {
                complaint = "; the last error: \(error)"
            }
            return answer != nil
        }
    } catch let late as NotInTime {
        throw NotInTime(description: late.description + complaint)
    }
    guard let answer else { throw NotInTime(description: what) }
    return answer
}
