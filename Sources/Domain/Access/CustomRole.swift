/// A named set of permissions that an organization made itself (ORG-5).
///
/// Where a membership or service account has one, its permissions stand instead of the base role's.
package struct CustomRole: Hashable, Sendable, Identifiable {
    package let id: CustomRoleID
    package let organizationID: OrganizationID
    package var name: String
    package var description: String
    /// Never one of the server's (ORG-11).
    package let permissions: PermissionSet
    /// Grows with every change; the value of a compare-and-swap.
    package var version: Int64

    package init(
        id: CustomRoleID,
        organizationID: OrganizationID,
        name: String,
        description: String = "",
        permissions: PermissionSet,
        version: Int64 = 1
    ) {
        self.id = id
        self.organizationID = organizationID
        self.name = name
        self.description = description
        self.permissions = permissions.subtracting(.server)
        self.version = version
    }
}

/// What somebody writes to make or change a custom role.
package struct CustomRoleDraft: Hashable, Sendable {
    package var name: String
    package var description: String
    package var permissions: [String]

    package init(name: String, description: String = "", permissions: [String]) {
        self.name = name
        self.description = description
        self.permissions = permissions
    }

    /// The permissions of the role, or every fault there is; a name has 1 to 64 characters.
    package func checked() -> Result<PermissionSet, FieldFaults> {
        var check = FieldCheck()
        _ = check.line(name, at: "/name", 1...64)
        _ = check.line(description, at: "/description", 0...1024)
        if permissions.isEmpty { check.fault("/permissions", "must be at least one permission") }
        let set = check.permissions(permissions, at: "/permissions")
        return check.result(set)
    }
}

extension FieldCheck {
    /// Reads names of permissions that an organization may give.
    mutating func permissions(_ names: [String], at path: String) -> PermissionSet {
        guard names.count <= Permission.allCases.count else {
            fault(path, "must be at most \(Permission.allCases.count) permissions")
            return []
        }
        var set: PermissionSet = []
        for (place, name) in names.enumerated() {
            guard let permission = Permission(rawValue: name) else {
                fault("\(path)/\(place)", "must be a permission, like agents:read")
                continue
            }
            if PermissionSet.server.contains(permission) {
                fault("\(path)/\(place)", "must not be a permission of the server")
            } else if !set.insert(PermissionSet(permission)).inserted {
                fault("\(path)/\(place)", "must not stand twice in the list")
            }
        }
        return set
    }
}
