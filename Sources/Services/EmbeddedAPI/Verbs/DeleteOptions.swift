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
        if let kind = body["kind"]?.string, kind != "DeleteOptions" {
            throw .badRequest("the body of a deletion must be DeleteOptions, not \(kind)")
        }
        let dryRuns = (body["dryRun"]?.array ?? []).compactMap(\.string)
        let isTried = try request.options.isDryRun(dryRuns)
        isDryRun = try request.isDryRun() ? true : isTried
        uid = body["preconditions"]?["uid"]?.string
        resourceVersion = body["preconditions"]?["resourceVersion"]?.string
        let policy = body["propagationPolicy"]?.string ?? request.query["propagationPolicy"]
        let orphan = body["orphanDependents"]?.bool
        try request.options.checkPropagation(policy, hasOrphanDependents: orphan != nil)
        propagation = policy.flatMap(Propagation.init(rawValue:)) ?? orphan.map { $0 ? .orphan : .background }
    }

    init(propagation: Propagation, uid: String?) {
        self.propagation = propagation
        self.uid = uid
        isDryRun = false
    }

    /// 409 when the object is not the one that is meant.
    func check(_ object: StoredObject, _ resource: ResourceDescriptor) throws(APIStatus) {
        if let uid, uid != object.uid {
            throw Self.conflict(
                resource, object.key.name,
                "the UID in the precondition (\(uid)) does not match the UID in record (\(object.uid)). The object might have"
                    + " been deleted and then recreated")
        }
        if let resourceVersion, resourceVersion != String(object.revision) {
            throw Self.conflict(
                resource, object.key.name,
                "the ResourceVersion in the precondition (\(resourceVersion)) does not match the ResourceVersion in record"
                    + " (\(object.revision)). The object might have been modified")
        }
    }

    /// Names the kind where other conflicts name the resource, as the real server does.
    private static func conflict(_ resource: ResourceDescriptor, _ name: String, _ why: String) -> APIStatus {
        .conflict(group: resource.storage.group, subject: resource.kind, name: name, why: why)
    }
}
