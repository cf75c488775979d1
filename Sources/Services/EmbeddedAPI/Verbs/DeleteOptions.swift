import APIMachinery
import ClusterAPI
import NIOCore

/// How an object is deleted: the body of the request, or its query.
struct DeleteOptions: Hashable, Sendable {
    enum Propagation: String, Hashable, Sendable {
        case background = "Background"
        case foreground = "Foreground"
        case orphan = "Orphan"

        /// The finalizer by which the garbage collector knows what is to be done first.
        var finalizer: String? {
            switch self {
            case .background: nil
            case .foreground: "foregroundDeletion"
            case .orphan: "orphan"
            }
        }
    }

    var propagation: Propagation?
    var uid: String?
    var resourceVersion: String?
    var isDryRun: Bool

    /// 400 for options that are not DeleteOptions.
    init(_ request: ResourceRequest) throws(APIStatus) {
        let body: JSONValue = request.body.readableBytes == 0 ? [:] : try request.document()
        guard body.object != nil else { throw .badRequest("the body of a deletion must be DeleteOptions") }
        let dryRuns = (body["dryRun"]?.array ?? []).compactMap(\.string)
        guard dryRuns.allSatisfy({ $0 == "All" }) else {
            throw .badRequest("dryRun: Unsupported value: supported values: \"All\"")
        }
        isDryRun = try request.query.isDryRun() || !dryRuns.isEmpty
        uid = body["preconditions"]?["uid"]?.string
        resourceVersion = body["preconditions"]?["resourceVersion"]?.string
        if let text = body["propagationPolicy"]?.string ?? request.query["propagationPolicy"] {
            guard let policy = Propagation(rawValue: text) else {
                throw .badRequest(
                    "propagationPolicy: Unsupported value: \"\(text)\": supported values: \"Foreground\","
                        + " \"Background\", \"Orphan\"")
            }
            propagation = policy
        } else if let orphan = body["orphanDependents"]?.bool {
            propagation = orphan ? .orphan : .background
        }
        let grace = body["gracePeriodSeconds"]?.int ?? 0
        guard grace >= 0 else { throw .badRequest("gracePeriodSeconds: must not be negative") }
    }

    init(propagation: Propagation, uid: String?) {
        self.propagation = propagation
        self.uid = uid
        isDryRun = false
    }

    /// 409 when the object is not the one that is meant.
    func check(_ object: StoredObject, _ resource: ResourceDescriptor) throws(APIStatus) {
        if let uid, uid != object.uid {
            throw .conflict(
                resource, name: object.key.name,
                why: "Precondition failed: UID in precondition: \(uid), UID in object meta: \(object.uid)")
        }
        if let resourceVersion, resourceVersion != String(object.revision) {
            throw .conflict(
                resource, name: object.key.name,
                why: "Precondition failed: ResourceVersion in precondition: \(resourceVersion), ResourceVersion in"
                    + " object meta: \(object.revision)")
        }
    }
}
