import APIMachinery
import ClusterAPI

extension ResourceVerbs {
    func get(_ request: ResourceRequest) throws -> APIResponse {
        let rendering = try request.rendering()
        let asked = try request.query.version("resourceVersion") ?? 0
        let current = store.revision
        guard asked <= current else { throw APIStatus.tooLarge(asked, current: current) }
        return APIResponse(bytes: try rendering.bytes(try existing(request)))
    }

    func list(_ request: ResourceRequest) throws -> APIResponse {
        let rendering = try request.rendering()
        let selection = try request.selection()
        try Self.checkOptions(request, isWatch: false)
        let limit = try request.query.limit("limit")
        let token = try continuation(request)
        let list = try snapshot(request, selection, token)
        var objects = list.objects
        if let token {
            let start = objects.firstIndex { token.isBefore($0.key) } ?? objects.endIndex
            objects = objects[start...]
        }
        var metadata: JSONValue = ["resourceVersion": .string(String(list.revision))]
        var chosen = selection.isEverything ? objects : objects.filter(selection.matches)[...]
        if limit > 0, chosen.count > limit {
            let rest = chosen.count - limit
            chosen = chosen.prefix(limit)
            if let last = chosen.last {
                metadata["continue"] = .string(ContinueToken(revision: list.revision, after: last.key).text)
            }
            // As the real server: the count would be wrong for clients that cannot know the selector's share.
            if selection.isEverything { metadata["remainingItemCount"] = .int(Int64(rest)) }
        }
        return APIResponse(bytes: try rendering.listBytes(chosen, metadata: metadata))
    }

    /// Whether the present objects are asked for (`sendInitialEvents`); 422 for options that do not go together.
    @discardableResult
    private static func checkOptions(_ request: ResourceRequest, isWatch: Bool) throws(APIStatus) -> Bool? {
        let query = request.query
        let isAsked = query["sendInitialEvents"] != nil
        let sendsInitial = isAsked ? try query.flag("sendInitialEvents") : nil
        try ListOptionRules.check(
            isWatch: isWatch, resourceVersion: query["resourceVersion"], match: query["resourceVersionMatch"],
            continuation: query["continue"], sendsInitialEvents: sendsInitial)
        return sendsInitial
    }

    private func continuation(_ request: ResourceRequest) throws -> ContinueToken? {
        guard let text = request.query["continue"] else { return nil }
        guard let token = ContinueToken(text) else {
            throw APIStatus.badRequest("invalid continue token: continue key is not valid: \(text)")
        }
        let asked = request.query["resourceVersion"]
        guard asked == nil || asked == "0" else {
            throw APIStatus.badRequest("specifying resource version is not allowed when using continue")
        }
        return token
    }

    /// The state that a list shows: that of its first page, an exact older one, or the present.
    private func snapshot(
        _ request: ResourceRequest, _ selection: ObjectSelection, _ token: ContinueToken?
    ) throws -> StoreList {
        let resource = request.resource.qualifiedPlural
        if let token {
            guard let list = store.list(resource, namespace: selection.namespace, at: token.revision) else {
                throw APIStatus.expiredContinueToken
            }
            return list
        }
        let asked = try request.query.version("resourceVersion") ?? 0
        let current = store.list(resource, namespace: selection.namespace)
        guard asked <= current.revision else { throw APIStatus.tooLarge(asked, current: current.revision) }
        guard request.query["resourceVersionMatch"] == "Exact" else { return current }
        guard let list = store.list(resource, namespace: selection.namespace, at: asked) else {
            throw APIStatus.expired("The resourceVersion for the provided list is too old.")
        }
        return list
    }

    func watch(_ request: ResourceRequest) throws -> APIResponse {
        let asked = try request.query.version("resourceVersion")
        let current = store.revision
        if let asked, asked > current { throw APIStatus.tooLarge(asked, current: current) }
        let sendsInitial = try Self.checkOptions(request, isWatch: true)
        let seconds = try request.query.limit("timeoutSeconds")
        // Without a word about them, whoever names no version gets the present objects.
        let version = asked == 0 ? nil : asked
        let start = sendsInitial == true ? nil : version ?? (sendsInitial == nil ? nil : current)
        let bookmarks = try request.query.flag("allowWatchBookmarks")
        return APIResponse(
            watch: WatchSession(
                store: store, selection: try request.selection(), rendering: try request.rendering(), start: start,
                sendsBookmarks: bookmarks, marksInitialEnd: sendsInitial == true && bookmarks,
                timeout: seconds > 0 ? .seconds(min(seconds, 86_400)) : .seconds(Int.random(in: 1_800...3_600)),
                counters: counters, logger: logger))
    }
}

extension APIStatus {
    /// A resourceVersion of the future: of another server, or of one that was set back.
    fileprivate static func tooLarge(_ asked: UInt64, current: UInt64) -> APIStatus {
        APIStatus(
            code: 504, reason: "Timeout",
            message: "Timeout: Too large resource version: \(asked), current: \(current)",
            details: Details(
                causes: [Cause(reason: "ResourceVersionTooLarge", message: "Too large resource version", field: "")],
                retryAfterSeconds: 1))
    }
}
