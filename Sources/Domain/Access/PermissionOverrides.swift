/// Single permissions that a membership gives or takes beside its role (ORG-5).
///
/// A denial wins over every source: role, custom role, a grant in the same or in the other membership.
package struct PermissionOverrides: Hashable, Sendable {
    package let granted: PermissionSet
    package let denied: PermissionSet

    package static let none = PermissionOverrides()

    /// Permissions of the server are left out: no organization gives or takes them (ORG-11).
    package init(granted: PermissionSet = [], denied: PermissionSet = []) {
        self.granted = granted.subtracting(.server)
        self.denied = denied.subtracting(.server)
    }

    /// Reads two lists of names, or names every faulty one.
    package static func checked(grant: [String], deny: [String]) -> Result<PermissionOverrides, FieldFaults> {
        var check = FieldCheck()
        let granted = check.permissions(grant, at: "/grant")
        let denied = check.permissions(deny, at: "/deny")
        return check.result(PermissionOverrides(granted: granted, denied: denied))
    }
}
