package import ClusterAPI
import EgressNames

/// How much has come through the gate, and what was refused.
package struct GateTally: Hashable, Sendable {
    /// Why an answer did not reach the pod, or taught nothing though it did.
    package enum Drop: String, Hashable, Sendable, CaseIterable {
        /// No message of the domain name system.
        case unreadable
        /// Nobody asked: forged, late, or with another number.
        case unsolicited
        case otherQuestion = "other_question"
        /// A TCP segment before one that is missing: the server sends it again.
        case gap
        /// Passed: more connections than can be followed.
        case unfollowed
        /// The kernel did not take the addresses.
        case kernel
    }

    /// A refusal for people: the last of its kind and pod.
    package struct Complaint: Hashable, Sendable {
        package let pod: ObjectKey
        package let text: String
    }

    package internal(set) var questions: UInt64 = 0
    package internal(set) var answers: UInt64 = 0
    package internal(set) var streams = 0
    package private(set) var drops: [Drop: UInt64] = [:]
    /// By `NameRefusal.reason`.
    package private(set) var refusals: [String: UInt64] = [:]
    /// The last of each reason and pod; not more than a few.
    package private(set) var complaints: [Complaint] = []

    private static let mostComplaints = 32

    package mutating func count(_ drop: Drop) { drops[drop, default: 0] += 1 }

    mutating func refuse(_ refusal: NameRefusal, by pod: ObjectKey) {
        refusals[refusal.reason, default: 0] += 1
        let complaint = Complaint(pod: pod, text: "\(refusal)")
        complaints.removeAll { $0 == complaint }
        complaints.append(complaint)
        if complaints.count > Self.mostComplaints { complaints.removeFirst() }
    }
}
