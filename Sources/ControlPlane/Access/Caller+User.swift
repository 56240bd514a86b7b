internal import Domain
internal import SQLDatabase
internal import Store

extension Caller {
    /// This caller with the identity, memberships and permissions of a user, as they are at this moment in the place
    /// they chose; nobody who isn't active there.
    ///
    /// Without a session it is a command on the host that acts for them.
    func identified(
        as user: UserAccount,
        session: Session?,
        at choice: PlaceChoice = .own,
        in tx: borrowing Transaction
    ) throws -> Caller {
        let place = try UserPlace(of: user, at: choice, in: tx)
        guard place.isActive else { throw UserPlace.inactive }
        return Caller(
            actor: Actor(kind: .user, id: user.id.text, name: user.email.text),
            organizationID: place.organizationID,
            workspaceID: place.workspaceID,
            credentialID: session?.id,
            credentialPrefix: session?.stamp.prefix,
            address: address,
            userAgent: userAgent,
            requestID: requestID,
            surface: surface,
            rights: .holder(place.permissions)
        )
    }

    /// The id of the user who calls, or a refusal for all other kinds of callers.
    func requireUser() throws(ControlPlaneError) -> UserID {
        guard case .holder = rights, actor.kind == .user, let id = actor.id.flatMap({ UserID($0) }) else {
            throw ControlPlaneError(.wrongCredentialKind, "This can be done by a signed-in person only.")
        }
        return id
    }

    /// Lets the server itself and commands on the host on, and nobody else.
    func requireServer() throws(ControlPlaneError) {
        guard actor.kind == .host || actor.kind == .system else {
            throw ControlPlaneError(.permissionDenied, "This is done by the server itself only.")
        }
    }

    /// Lets commands on the host on, and nobody else.
    func requireHost() throws(ControlPlaneError) {
        guard surface == .host, actor.kind == .host || actor.kind == .system else {
            throw ControlPlaneError(.permissionDenied, "This can be done on the server's own host only.")
        }
    }
}
