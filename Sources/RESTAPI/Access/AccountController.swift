import ClavigerWire
import ControlPlane
import Domain
import HTTPKernel
import HTTPTypes
import Hummingbird

/// People: the first owner, sign-in, sessions, passwords, and who asks.
struct AccountController: Sendable {
    let setup: SetupService
    let accounts: AccountService

    var routes: [Route] {
        [
            Route(.post, APIPath.setup.fullTemplate, .open(setUp)),
            Route(.post, APIPath.login.fullTemplate, .open(login)),
            Route(.post, APIPath.recover.fullTemplate, .open(recover)),
            Route(.post, APIPath.logout.fullTemplate, .signedIn(logout)),
            Route(.post, APIPath.password.fullTemplate, .signedIn(changePassword)),
            Route(.get, APIPath.sessions.fullTemplate, .signedIn(sessions)),
            Route(.delete, APIPath.session.fullTemplate, .signedIn(endSession)),
            Route(.get, APIPath.me.fullTemplate, .signedIn(me)),
        ]
    }

    private func setUp(_ request: Request, _ context: OpenContext) async throws -> Response {
        let body = try await JSONBody.read(SetupRequest.self, from: request, limits: context.limits).value
        let signedIn = try await setup.complete(
            secret: body.secret,
            email: body.email,
            name: body.name,
            password: body.password,
            caller: context.anonymousCaller
        )
        return try JSONAnswer.make(SessionTokenResponse(signedIn), status: .created)
    }

    private func login(_ request: Request, _ context: OpenContext) async throws -> Response {
        let body = try await JSONBody.read(LoginRequest.self, from: request, limits: context.limits).value
        let signedIn = try await accounts.login(
            email: body.email,
            password: body.password,
            caller: context.anonymousCaller
        )
        return try JSONAnswer.make(SessionTokenResponse(signedIn))
    }

    private func recover(_ request: Request, _ context: OpenContext) async throws -> Response {
        let body = try await JSONBody.read(ResetPasswordRequest.self, from: request, limits: context.limits).value
        try await accounts.resetPassword(
            secret: body.secret,
            new: body.newPassword,
            caller: context.anonymousCaller
        )
        return JSONAnswer.empty
    }

    private func logout(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        try await accounts.logout(caller: context.caller)
        return JSONAnswer.empty
    }

    private func changePassword(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let limits = context.request.limits
        let body = try await JSONBody.read(ChangePasswordRequest.self, from: request, limits: limits).value
        try await accounts.changePassword(
            current: body.currentPassword,
            new: body.newPassword,
            caller: context.caller
        )
        return JSONAnswer.empty
    }

    private func sessions(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let sessions = try await accounts.sessionViews(caller: context.caller)
        let data = sessions.map { SessionResponse($0, isCurrent: $0.id == context.caller.credentialID) }
        return try JSONAnswer.make(WirePage(data: data))
    }

    private func endSession(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        try await accounts.endSession(
            Fields.id(context.request.parameters, "session"),
            caller: context.caller
        )
        return JSONAnswer.empty
    }

    private func me(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        try JSONAnswer.make(MeResponse(try await accounts.profile(caller: context.caller).view))
    }
}

extension UserResponse {
    init(_ user: UserView) {
        self.init(id: user.id.text, email: user.email, name: user.name)
    }
}

extension SessionTokenResponse {
    init(_ signedIn: SignedIn) {
        self.init(
            sessionToken: signedIn.token.revealed(),
            sessionID: signedIn.sessionView.id.text,
            expiresAt: signedIn.expiresAt.rfc3339,
            idleExpiresAt: signedIn.idleExpiresAt.rfc3339,
            user: UserResponse(signedIn.userView)
        )
    }
}

extension SessionResponse {
    init(_ session: SessionView, isCurrent: Bool) {
        self.init(
            id: session.id.text,
            prefix: session.prefix,
            createdAt: session.createdAt.rfc3339,
            lastUsedAt: session.lastUsedAt.rfc3339,
            expiresAt: session.expiresAt.rfc3339,
            address: session.address,
            userAgent: session.userAgent,
            isCurrent: isCurrent
        )
    }
}

extension MeResponse {
    init(_ profile: ProfileView) {
        self.init(
            user: UserResponse(profile.user),
            organization: profile.organization.map { NamedReference(id: $0.id, name: $0.name) },
            workspace: profile.workspace.map { NamedReference(id: $0.id, name: $0.name) },
            organizationRole: profile.organizationRole?.rawValue ?? "",
            workspaceRole: profile.workspaceRole?.rawValue,
            permissions: profile.permissions.permissions.map(\.rawValue),
            isServerAdministrator: profile.isServerAdministrator
        )
    }
}
