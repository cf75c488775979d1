import APIMachinery
import HTTPTypes

/// Whom a request is judged as, when an administrator asks to be taken for somebody else (`kubectl --as`).
enum Impersonation {
    private static let prefix = "impersonate-"
    private static let authenticatedGroup = "system:authenticated"

    /// The sender itself where it asks for nobody else.
    ///
    /// 403 for whoever is no administrator: who may be taken for others has their rights.
    static func identity(asked fields: HTTPFields, by sender: Identity) throws(APIStatus) -> Identity {
        let asked = fields.filter { $0.name.canonicalName.hasPrefix(prefix) }
        guard !asked.isEmpty else { return sender }
        func values(_ name: String) -> [String] {
            asked.filter { $0.name.canonicalName == prefix + name && !$0.value.isEmpty }.map(\.value)
        }
        let groups = values("group")
        guard let user = values("user").first else {
            throw .badRequest("requested groups or extra without impersonating a user: name one, too (--as)")
        }
        guard sender.groups.contains(Identity.mastersGroup) else {
            throw .forbidden(
                group: "", plural: "users", name: user,
                why: APIStatus.denial(
                    user: sender.user, verb: "impersonate", group: "", plural: "users", namespace: nil))
        }
        return Identity(user: user, groups: groups.isEmpty ? [authenticatedGroup] : Set(groups))
    }
}
