extension ObjectCondition {
    /// A condition that is true without problems; one that is as true as before keeps its time.
    ///
    /// - Parameters:
    ///   - reasons: of one that is true, and of one that is not.
    ///   - fine: the message of one that is true.
    package init(
        _ type: String, problems: [String], reasons: (good: String, bad: String), fine: String,
        earlier: [ObjectCondition]?, generation: Int64?, at now: Timestamp
    ) {
        let status = problems.isEmpty ? "True" : "False"
        let old = earlier?.first { $0.type == type && $0.status == status }
        self.init(
            type: type, status: status, reason: problems.isEmpty ? reasons.good : reasons.bad,
            message: problems.isEmpty ? fine : Self.list(problems), observedGeneration: generation,
            lastTransitionTime: old?.lastTransitionTime ?? now.seconds)
    }

    private static func list(_ texts: [String]) -> String {
        texts.prefix(5).joined(separator: "; ") + (texts.count > 5 ? "; and \(texts.count - 5) more" : "")
    }

    /// As a merge patch has it.
    package var document: JSONValue {
        var document: JSONValue = [
            "type": .string(type), "status": .string(status), "reason": .string(reason), "message": .string(message),
        ]
        if let observedGeneration { document["observedGeneration"] = .int(observedGeneration) }
        if let lastTransitionTime { document["lastTransitionTime"] = .string(lastTransitionTime) }
        return document
    }
}
