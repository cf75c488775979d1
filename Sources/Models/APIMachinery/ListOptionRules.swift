import ClusterAPI

/// Which options of a list or a watch go together (apimachinery `internalversion/validation`).
package enum ListOptionRules {
    private static let matches = ["Exact", "NotOlderThan"]

    /// 422 with every finding; nil and empty options are absent.
    package static func check(
        isWatch: Bool, resourceVersion: String?, match: String?, continuation: String?, sendsInitialEvents: Bool?
    ) throws(APIStatus) {
        let errors =
            isWatch
            ? watchErrors(match, continuation, sendsInitialEvents)
            : listErrors(resourceVersion, match, continuation, sendsInitialEvents)
        guard !errors.isEmpty else { return }
        throw .invalidOptions("ListOptions", errors)
    }

    private static func watchErrors(
        _ match: String?, _ continuation: String?, _ sendsInitialEvents: Bool?
    ) -> [FieldError] {
        let field = "resourceVersionMatch"
        var errors: [FieldError] = []
        if sendsInitialEvents != nil, match != "NotOlderThan" {
            errors.append(.forbidden(field, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"))
        }
        guard let match else { return errors }
        if sendsInitialEvents == nil {
            errors.append(
                .forbidden(field, "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"))
        }
        if match != "NotOlderThan" { errors.append(.notSupported(field, .string(match), ["NotOlderThan"])) }
        if continuation != nil {
            errors.append(.forbidden(field, "resourceVersionMatch is forbidden when continue is provided"))
        }
        return errors
    }

    private static func listErrors(
        _ resourceVersion: String?, _ match: String?, _ continuation: String?, _ sendsInitialEvents: Bool?
    ) -> [FieldError] {
        let field = "resourceVersionMatch"
        var errors: [FieldError] = []
        if let match {
            if resourceVersion == nil {
                errors.append(
                    .forbidden(field, "resourceVersionMatch is forbidden unless resourceVersion is provided"))
            }
            if continuation != nil {
                errors.append(.forbidden(field, "resourceVersionMatch is forbidden when continue is provided"))
            }
            if !matches.contains(match) { errors.append(.notSupported(field, .string(match), matches)) }
            if match == "Exact", resourceVersion == "0" {
                errors.append(
                    .forbidden(field, "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\""))
            }
        }
        if sendsInitialEvents != nil {
            errors.append(.forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"))
        }
        return errors
    }
}
