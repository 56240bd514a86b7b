extension MembershipStatus {
    /// What a membership may become (ORG-4); staying the same is idempotent and always possible.
    ///
    /// - ``invited``: → ``active`` by accepting, → ``removed`` by withdrawing the invitation.
    /// - ``active``: → ``paused``, → ``removed``.
    /// - ``paused``: → ``active``, → ``removed``.
    /// - ``removed``: → ``invited`` only: whoever comes back is asked again.
    package var next: Set<MembershipStatus> {
        switch self {
        case .invited: [.invited, .active, .removed]
        case .active: [.active, .paused, .removed]
        case .paused: [.paused, .active, .removed]
        case .removed: [.removed, .invited]
        }
    }

    package func mayBecome(_ status: MembershipStatus) -> Bool { next.contains(status) }
}

/// One person's membership in an organization, as the rule of the last owner sees it.
package struct OwnerCandidate: Hashable, Sendable {
    package let id: MembershipID
    package var membership: Membership<OrganizationRole>
    /// Whether the person can't sign in or act at all, by a person's word or by detection.
    package var isSuspended: Bool

    package init(id: MembershipID, membership: Membership<OrganizationRole>, isSuspended: Bool = false) {
        self.id = id
        self.membership = membership
        self.isSuspended = isSuspended
    }

    /// An active owner with all an owner's rights: a custom role or a denial is a demotion under another name.
    package var isOwnerInForce: Bool {
        membership.role == .owner && membership.status == .active && !isSuspended && membership.customRole == nil
            && membership.overrides.denied.isEmpty
    }
}

/// What somebody, or detection, wants to do to one membership.
package enum OwnerChange: Hashable, Sendable {
    case become(Membership<OrganizationRole>)
    /// The person is suspended as a whole.
    case suspend
    /// The membership is taken out of the list, with its person for example.
    case delete
}

/// The rule that an organization keeps an owner (ORG-10).
package enum LastOwner {
    /// Refuses a change that would leave the organization without an active owner when it has one.
    ///
    /// `candidates`: all memberships of the organization, read in the transaction that changes one.
    package static func check(
        _ candidates: [OwnerCandidate],
        changing id: MembershipID,
        _ change: OwnerChange
    ) throws(LastOwnerRefusal) {
        let before = candidates.filter(\.isOwnerInForce)
        guard before.contains(where: { $0.id == id }) else { return }
        let after = candidates.compactMap { candidate -> OwnerCandidate? in
            guard candidate.id == id else { return candidate }
            var changed = candidate
            switch change {
            case .become(let membership): changed.membership = membership
            case .suspend: changed.isSuspended = true
            case .delete: return nil
            }
            return changed
        }
        guard after.contains(where: \.isOwnerInForce) else { throw LastOwnerRefusal(membership: id) }
    }
}

/// The membership is that of the last active owner.
package struct LastOwnerRefusal: Error, Hashable, Sendable {
    package let membership: MembershipID

    package init(membership: MembershipID) { self.membership = membership }
}
