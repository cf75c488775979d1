import APIMachinery
import ClusterAPI
import Foundation
import HTTPTypes
import NIOCore

/// An `Event` of `audit.k8s.io/v1` about a write, at the stage ResponseComplete.
struct AuditEvent {
    let target: ObjectTarget
    let verb: String
    let level: AuditLevel
    let arrival: APIResponder.Arrival
    let response: APIResponse
    /// Nil when the request was not authenticated.
    let identity: Identity?
    /// Of the unix socket; nil for TLS.
    let peer: PeerCredentials?
    let received: APITime
    let answered: APITime

    private static let longestAgent = 1_024
    private static let longestMessage = 4_096

    var document: JSONValue {
        let request = asksBody ? requestObject : nil
        let result = level == .requestResponse && succeeded ? resultObject : response.written
        var members: [String: JSONValue] = [
            "kind": "Event", "apiVersion": "audit.k8s.io/v1", "level": .string(level.rawValue),
            "auditID": .string(UUID().uuidString.lowercased()), "stage": "ResponseComplete",
            "requestURI": .string(arrival.head.path ?? "/"), "verb": .string(verb), "user": user,
            "userAgent": .string(Self.cut(arrival.head.headerFields[.userAgent] ?? "", Self.longestAgent)),
            "objectRef": reference(request, result), "responseStatus": status,
            "requestReceivedTimestamp": .string(received.microText), "stageTimestamp": .string(answered.microText),
        ]
        if let identity, let other = try? Impersonation.identity(asked: arrival.head.headerFields, by: identity),
            other != identity
        {
            members["impersonatedUser"] = Self.document(of: other)
        }
        if let peer {
            members["annotations"] = .object(["gabion.io/peer": .string("pid \(peer.pid) uid \(peer.uid)")])
        } else if let address = arrival.channel.remoteAddress?.ipAddress {
            members["sourceIPs"] = .array([.string(address)])
        }
        if level == .requestResponse {
            members["requestObject"] = request
            if succeeded { members["responseObject"] = result }
        }
        return .object(members)
    }

    private var succeeded: Bool { (200..<300).contains(response.status) }

    /// A body is read where it is kept, and where only it names what was to be made.
    private var asksBody: Bool { level == .requestResponse || (target.name == nil && response.written == nil) }

    private var requestObject: JSONValue? {
        let type = arrival.head.headerFields[.contentType]?.split(separator: ";").first.map { $0.lowercased() }
        let bytes = arrival.body.readableBytesView
        return type == ProtobufBody.mediaType ? try? ProtobufBody.decode(bytes) : try? JSONText.decode(bytes)
    }

    private var resultObject: JSONValue? { response.written ?? answer }

    /// The answer as JSON; nil when it is something else.
    private var answer: JSONValue? {
        guard case .bytes(let bytes) = response.body else { return nil }
        return try? JSONText.decode(bytes.readableBytesView)
    }

    private var user: JSONValue {
        guard let identity else {
            return .object(["username": "system:anonymous", "groups": ["system:unauthenticated"]])
        }
        return Self.document(of: identity)
    }

    /// As audit events and reviews write somebody.
    static func document(of identity: Identity) -> JSONValue {
        [
            "username": .string(identity.user), "groups": .array(identity.groups.sorted().map(JSONValue.string)),
        ]
    }

    private var status: JSONValue {
        var members: [String: JSONValue] = ["metadata": [:], "code": .int(Int64(response.status))]
        if !succeeded, let answer {
            members["status"] = answer["status"]
            members["reason"] = answer["reason"]
            if AuditLevel.tellsFaults(of: target), let message = answer["message"]?.string {
                members["message"] = .string(Self.cut(message, Self.longestMessage))
            }
        }
        return .object(members)
    }

    /// The name, uid and version of the URL, else of the body, else of what was made: a generated name is only there.
    private func reference(_ request: JSONValue?, _ result: JSONValue?) -> JSONValue {
        var members: [String: JSONValue] = [
            "resource": .string(target.plural), "apiVersion": .string(target.version.version),
        ]
        if !target.version.group.isEmpty { members["apiGroup"] = .string(target.version.group) }
        let own = target.version.group.isEmpty && target.plural == ResourceVerbs.namespaces ? target.name : nil
        members["namespace"] = (target.namespace ?? own).map(JSONValue.string)
        if let subresource = target.subresource { members["subresource"] = .string(subresource) }
        let known = [request, result].compactMap { $0?["metadata"] }
        func text(_ member: String) -> String? {
            known.compactMap { $0[member]?.string }.first { !$0.isEmpty }
        }
        members["name"] = (target.name ?? (verb == "create" ? text("name") : nil)).map(JSONValue.string)
        if verb != "deletecollection" { members["uid"] = text("uid").map(JSONValue.string) }
        // As in the real server: the version that the writer had read.
        members["resourceVersion"] = request?["metadata"]?["resourceVersion"]
        return .object(members)
    }

    private static func cut(_ text: String, _ length: Int) -> String {
        text.utf8.count <= length ? text : String(decoding: text.utf8.prefix(length), as: UTF8.self) + "…TRUNCATED"
    }
}
