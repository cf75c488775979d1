package import APIMachinery
package import ClusterAPI

/// A request as an API server's audit log tells of it: an Event of audit.k8s.io at the stage ResponseComplete.
package struct RecordedRequest: Hashable, Sendable {
    /// When it was answered.
    package let time: APITime
    package let verb: String
    package let group: String
    /// The plural of the kind.
    package let resource: String
    package let subresource: String?
    /// Nil when neither the URL nor what is recorded names an object.
    package let name: String?
    package let user: String
    /// Whom the user acted as.
    package let impersonated: String?
    /// The program, as it named itself.
    package let program: String
    /// Addresses of the sender and of proxies before it, as they are recorded.
    package let sources: [String]
    /// The process at the other end of a unix socket, where this product's server recorded it.
    package let peer: String?
    /// 0 when it is not recorded.
    package let code: Int
    /// Why it was refused.
    package let message: String?
    /// It was only tried.
    package let isDryRun: Bool
    package let sent: JSONValue?
    package let result: JSONValue?

    package var succeeded: Bool { (200..<300).contains(code) }
}

extension RecordedRequest {
    /// Nil for an event that lacks what makes it one: time, verb or user.
    ///
    /// Requests that are about no object have an empty `resource`.
    init?(event: JSONValue) {
        let stamp = event["stageTimestamp"]?.string ?? event["requestReceivedTimestamp"]?.string
        guard let time = stamp.flatMap(APITime.init), let verb = event["verb"]?.string,
            event["user"]?.object != nil
        else { return nil }
        let reference = event["objectRef"]
        let documents = [event["responseObject"], event["requestObject"]].compactMap {
            $0?["metadata"]?["name"]?.string
        }
        self.time = time
        self.verb = verb
        group = reference?["apiGroup"]?.string ?? ""
        resource = reference?["resource"]?.string ?? ""
        subresource = reference?["subresource"]?.string
        name = reference?["name"]?.string ?? (verb == "create" ? documents.first : nil)
        user = event["user"]?["username"]?.string ?? ""
        impersonated = event["impersonatedUser"]?["username"]?.string
        program = event["userAgent"]?.string ?? ""
        sources = (event["sourceIPs"]?.array ?? []).compactMap(\.string)
        peer = event["annotations"]?["gabion.io/peer"]?.string
        let status = event["responseStatus"]
        code = status?["code"]?.int.flatMap { Int(exactly: $0) } ?? 0
        message = status?["message"]?.string ?? status?["reason"]?.string
        isDryRun = Self.isDryRun(event)
        sent = event["requestObject"]
        result = event["responseObject"]
    }

    /// Told in the URL, or in the options that a deletion sends as its body.
    private static func isDryRun(_ event: JSONValue) -> Bool {
        let query = event["requestURI"]?.string?.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
        let isDeletion = event["verb"]?.string?.hasPrefix("delete") == true
        let options = isDeletion ? event["requestObject"]?["dryRun"]?.array : nil
        return query.split(separator: "&").contains("dryRun=All") || options?.contains("All") == true
    }
}
