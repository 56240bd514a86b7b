internal import Domain
internal import SQLDatabase
internal import Store

extension MembershipPatch {
    /// What it makes of a membership, or every fault there is; custom roles are looked up in the organization.
    func applied<Role: MembershipRole & RawRepresentable<String> & CaseIterable>(
        to before: Membership<Role>,
        organization: OrganizationID,
        in tx: borrowing Transaction
    ) throws -> Membership<Role> {
        var faults: [FieldFault] = []
        let role = self.role.flatMap { Role(rawValue: $0) }
        if self.role != nil, role == nil {
            let known = Role.allCases.map(\.rawValue).joined(separator: ", ")
            faults.append(FieldFault(path: "/role", message: "must be one of \(known)"))
        }
        let custom = try customRole(over: before.customRole, organization, &faults, in: tx)
        let overrides = PermissionOverrides.checked(
            grant: grant ?? before.overrides.granted.permissions.map(\.rawValue),
            deny: deny ?? before.overrides.denied.permissions.map(\.rawValue)
        )
        if case .failure(let more) = overrides { faults += more.faults }
        guard faults.isEmpty, case .success(let overrides) = overrides else {
            throw ControlPlaneError.invalid(faults)
        }
        return Membership(
            role: role ?? before.role,
            status: before.status,
            customRole: custom,
            overrides: overrides
        )
    }

    private func customRole(
        over before: CustomRole?,
        _ organization: OrganizationID,
        _ faults: inout [FieldFault],
        in tx: borrowing Transaction
    ) throws -> CustomRole? {
        switch customRole {
        case .keep: return before
        case .clear: return nil
        case .set(let text):
            let id = CustomRoleID(text)
            if let role = try id.flatMap({ try CustomRoleStore.get($0, organization: organization, in: tx) }) {
                return role
            }
            faults.append(FieldFault(path: "/custom_role_id", message: "must be a custom role of the organization"))
            return nil
        }
    }
}

extension Membership {
    /// The same with another status.
    func with(_ status: MembershipStatus) -> Membership {
        Membership(role: role, status: status, customRole: customRole, overrides: overrides)
    }
}
