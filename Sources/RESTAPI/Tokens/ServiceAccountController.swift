import ClavigerWire
import ControlPlane
import Domain
import HTTPKernel
import HTTPTypes
import Hummingbird

/// Accounts of programs and the tokens that are made for them.
struct ServiceAccountController: Sendable {
    let accounts: ServiceAccountService
    let tokens: TokenService
    let idempotency: IdempotentRoute

    var routes: [Route] {
        [
            Route(.post, APIPath.serviceAccounts.fullTemplate, .authenticated(.serviceAccountsCreate, create)),
            Route(.get, APIPath.serviceAccounts.fullTemplate, .authenticated(.serviceAccountsRead, list)),
            Route(.get, APIPath.serviceAccount.fullTemplate, .authenticated(.serviceAccountsRead, get)),
            Route(.patch, APIPath.serviceAccount.fullTemplate, .authenticated(.serviceAccountsUpdate, update)),
            Route(.delete, APIPath.serviceAccount.fullTemplate, .authenticated(.serviceAccountsDelete, delete)),
            Route(.post, APIPath.pauseServiceAccount.fullTemplate, .authenticated(.serviceAccountsPause, pause)),
            Route(.post, APIPath.resumeServiceAccount.fullTemplate, .authenticated(.serviceAccountsResume, resume)),
            Route(.post, APIPath.serviceAccountTokens.fullTemplate, .authenticated(.serviceAccountsIssue, issue)),
        ]
    }

    private func create(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let limits = context.request.limits
        let body = try await JSONBody.read(CreateServiceAccountRequest.self, from: request, limits: limits)
        let need = IdempotencyService.Need(.serviceAccountsCreate, as: "service_account.create")
        return try await idempotency.answer(request, body.bytes, context, needs: need) {
            let view = try await accounts.create(ServiceAccountDraft(body.value), caller: context.caller)
            let answer = ServiceAccountResponse(view)
            return try IdempotentAnswer(answer, replay: answer, status: .created)
        }
    }

    private func list(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let parameters = try QueryParameters(request, allowed: ["limit", "cursor"])
        let page = try await accounts.list(
            limit: Fields.limit(parameters),
            after: Fields.cursor(parameters),
            caller: context.caller
        )
        return try JSONAnswer.make(
            WirePage(data: page.items.map(ServiceAccountResponse.init), nextCursor: page.nextCursor)
        )
    }

    private func get(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        _ = try QueryParameters(request, allowed: [])
        return try JSONAnswer.make(
            ServiceAccountResponse(try await accounts.get(Self.id(context), caller: context.caller))
        )
    }

    private func update(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let limits = context.request.limits
        let body = try await JSONBody.read(UpdateServiceAccountRequest.self, from: request, limits: limits)
        let (id, patch) = (try Self.id(context), try ServiceAccountPatch(body.value))
        return try JSONAnswer.make(
            ServiceAccountResponse(try await accounts.update(id, patch, caller: context.caller))
        )
    }

    private func delete(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        try await accounts.delete(Self.id(context), caller: context.caller)
        return JSONAnswer.empty
    }

    private func pause(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let reason = try await Self.reason(request, context)
        let view = try await accounts.pause(Self.id(context), reason: reason, caller: context.caller)
        return try JSONAnswer.make(ServiceAccountResponse(view))
    }

    private func resume(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let reason = try await Self.reason(request, context)
        let view = try await accounts.resume(Self.id(context), reason: reason, caller: context.caller)
        return try JSONAnswer.make(ServiceAccountResponse(view))
    }

    private func issue(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let body = try await JSONBody.read(CreateTokenRequest.self, from: request, limits: context.request.limits)
        let id = try Self.id(context)
        let need = IdempotencyService.Need(.serviceAccountsIssue, as: "token.create")
        return try await idempotency.answer(request, body.bytes, context, needs: need) {
            let draft = try APITokenDraft(body.value)
            return try .shownOnce(try await tokens.create(draft, for: .serviceAccount(id), caller: context.caller))
        }
    }

    private static func id(_ context: AuthenticatedContext) throws -> ServiceAccountID {
        try Fields.id(context.request.parameters, "service account")
    }

    private static func reason(_ request: Request, _ context: AuthenticatedContext) async throws -> String? {
        let limits = context.request.limits
        let body = try await JSONBody.readOptional(ReasonRequest.self, from: request, limits: limits)
        return try Fields.reason(body.value.reason)
    }
}

extension ServiceAccountDraft {
    init(_ request: CreateServiceAccountRequest) throws(HTTPProblem) {
        self.init(
            name: request.name,
            description: request.description ?? "",
            role: try WorkspaceRole(field: request.role),
            customRole: try request.customRoleID.map { text throws(HTTPProblem) in try CustomRoleID(field: text) }
        )
    }
}

extension ServiceAccountPatch {
    init(_ request: UpdateServiceAccountRequest) throws(HTTPProblem) {
        self.init()
        name = FieldChange(request.name)
        description = FieldChange(request.description)
        switch request.role {
        case .absent: break
        case .null: throw .invalid("/role", "Must not be null.")
        case .value(let text): role = .set(try WorkspaceRole(field: text))
        }
        switch request.customRoleID {
        case .absent: break
        case .null: customRole = .clear
        case .value(let text): customRole = .set(try CustomRoleID(field: text))
        }
    }
}

extension WorkspaceRole {
    fileprivate init(field text: String) throws(HTTPProblem) {
        guard let role = WorkspaceRole(rawValue: text) else {
            let known = WorkspaceRole.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalid("/role", "Must be one of \(known).")
        }
        self = role
    }
}

extension CustomRoleID {
    fileprivate init(field text: String) throws(HTTPProblem) {
        guard let id = CustomRoleID(text) else {
            throw .invalid("/custom_role_id", "Must be the id of a custom role (rol_…).")
        }
        self = id
    }
}

extension ServiceAccountResponse {
    init(_ view: ServiceAccountView) {
        let account = view.account
        self.init(
            id: account.id.text,
            workspaceID: account.workspaceID.text,
            name: account.name,
            description: account.description.isEmpty ? nil : account.description,
            role: account.role.rawValue,
            customRole: account.customRole.map { NamedReference(id: $0.id.text, name: $0.name) },
            status: account.state.rawValue,
            tokens: view.tokens,
            createdAt: account.createdAt.rfc3339,
            createdBy: TokenActorResponse(account.createdBy)
        )
    }
}
