import ClavigerWire
import ControlPlane
import Domain
import HTTPKernel
import HTTPTypes
import Hummingbird

/// What is done to many tokens at once, and the templates from which new ones are made.
struct TokenBulkController: Sendable {
    let tokens: TokenService

    var routes: [Route] {
        [
            Route(.get, APIPath.tokenTemplates.fullTemplate, .authenticated(.tokensRead, templates)),
            Route(.post, APIPath.bulkRevokeTokens.fullTemplate, .authenticated(.tokensBulkRevoke, revoke)),
            Route(.post, APIPath.bulkRotateTokens.fullTemplate, .authenticated(.tokensBulkRotate, rotate)),
            Route(.post, APIPath.bulkRescopeTokens.fullTemplate, .authenticated(.tokensBulkRescope, rescope)),
            Route(.post, APIPath.bulkTagTokens.fullTemplate, .authenticated(.tokensBulkTag, tag)),
        ]
    }

    private func templates(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        _ = try QueryParameters(request, allowed: [])
        let found = try await tokens.templates(caller: context.caller)
        return try JSONAnswer.make(WirePage(data: found.map(TokenTemplateResponse.init)))
    }

    private func revoke(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let body = try await JSONBody.read(BulkTokensRequest.self, from: request, limits: context.request.limits)
        return try await answer(.revoke, BulkFrame(body.value), context)
    }

    private func rotate(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let body = try await JSONBody.read(BulkTokensRequest.self, from: request, limits: context.request.limits)
        return try await answer(.rotate, BulkFrame(body.value), context)
    }

    private func rescope(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let limits = context.request.limits
        let body = try await JSONBody.read(BulkRescopeTokensRequest.self, from: request, limits: limits).value
        guard body.scopes != nil || body.removeScopes?.isEmpty == false else {
            throw HTTPProblem.invalid("/scopes", "Give scopes, which replace all, or remove_scopes.")
        }
        let deed = TokenBulkDeed.rescope(set: body.scopes, remove: body.removeScopes ?? [])
        return try await answer(deed, BulkFrame(body), context)
    }

    private func tag(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let limits = context.request.limits
        let body = try await JSONBody.read(BulkTagTokensRequest.self, from: request, limits: limits).value
        let (add, remove) = (body.addTags ?? [], body.removeTags ?? [])
        guard !add.isEmpty || !remove.isEmpty else {
            throw HTTPProblem.invalid("/add_tags", "Give add_tags or remove_tags.")
        }
        return try await answer(.tag(add: add, remove: remove), BulkFrame(body), context)
    }

    /// Nothing is changed without a word that it is meant; a dry run needs none.
    private func answer(
        _ deed: TokenBulkDeed,
        _ frame: BulkFrame,
        _ context: AuthenticatedContext
    ) async throws -> Response {
        guard frame.isDryRun || frame.isConfirmed else {
            throw ControlPlaneError(
                .confirmationRequired,
                "This changes every token that the filter finds: send dry_run true to see which, or confirm true."
            )
        }
        let order = TokenBulkOrder(
            deed,
            try frame.query(),
            ids: try frame.ids(),
            isDryRun: frame.isDryRun,
            reason: try Fields.reason(frame.reason)
        )
        let page = try await tokens.bulk(order, caller: context.caller)
        return try JSONAnswer.make(
            BulkTokensResponse(
                dryRun: frame.isDryRun,
                data: page.items.map(BulkTokenLineResponse.init),
                nextCursor: page.nextCursor
            )
        )
    }
}

/// What the bodies of all bulk routes have.
private struct BulkFrame {
    let filter: TokenFilterRequest
    let isDryRun: Bool
    let isConfirmed: Bool
    let reason: String?
    let limit: Int?
    let cursor: String?

    init(_ body: BulkTokensRequest) {
        filter = body.filter
        isDryRun = body.dryRun ?? false
        isConfirmed = body.confirm ?? false
        reason = body.reason
        (limit, cursor) = (body.limit, body.cursor)
    }

    init(_ body: BulkRescopeTokensRequest) {
        filter = body.filter
        isDryRun = body.dryRun ?? false
        isConfirmed = body.confirm ?? false
        reason = body.reason
        (limit, cursor) = (body.limit, body.cursor)
    }

    init(_ body: BulkTagTokensRequest) {
        filter = body.filter
        isDryRun = body.dryRun ?? false
        isConfirmed = body.confirm ?? false
        reason = body.reason
        (limit, cursor) = (body.limit, body.cursor)
    }

    func ids() throws(HTTPProblem) -> [CredentialID]? {
        guard let texts = filter.ids else { return nil }
        guard (1...200).contains(texts.count) else { throw .invalid("/filter/ids", "Must be 1 to 200 ids.") }
        var ids: [CredentialID] = []
        for (place, text) in texts.enumerated() {
            guard let id = CredentialID(text) else {
                throw .invalid("/filter/ids/\(place)", "Must be the id of a token (crd_…).")
            }
            ids.append(id)
        }
        return ids
    }

    func query() throws(HTTPProblem) -> TokenQuery {
        var query = TokenQuery()
        query.owner = try Self.value(filter.owner, "/filter/owner", "the id of a person or a service account") {
            APIToken.Owner($0)
        }
        query.kind = try Self.value(filter.kind, "/filter/kind", "personal or service") { APIToken.Kind(rawValue: $0) }
        query.state = try Self.value(filter.status, "/filter/status", "live, paused, suspended or revoked") {
            APIToken.State(rawValue: $0)
        }
        query.tag = filter.tag
        query.text = filter.q
        query.expiresBefore = try Self.value(filter.expiresBefore, "/filter/expires_before", "an RFC 3339 time") {
            Instant(rfc3339: $0)
        }
        query.isOutOfPolicy = filter.outOfPolicy ?? false
        query.isSeenByDeparted = filter.seenByDeparted ?? false
        query.limit = limit ?? 200
        guard (1...200).contains(query.limit) else { throw .invalid("/limit", "Must be a whole number from 1 to 200.") }
        query.after = try Self.value(cursor, "/cursor", "the next_cursor of an earlier answer") { CredentialID($0) }
        return query
    }

    private static func value<Value>(
        _ text: String?,
        _ path: String,
        _ wanted: String,
        _ read: (String) -> Value?
    ) throws(HTTPProblem) -> Value? {
        guard let text else { return nil }
        guard let value = read(text) else { throw .invalid(path, "Must be \(wanted).") }
        return value
    }
}

extension BulkTokenLineResponse {
    init(_ line: TokenBulkLine) {
        let token = line.view.token
        self.init(id: token.id.text, name: token.profile.name, status: token.state.rawValue, outcome: "unchanged")
        switch line.outcome {
        case .changed: outcome = "changed"
        case .unchanged: break
        case .refused(let error):
            outcome = "refused"
            code = error.code.rawValue
            message = error.fields.first.map { "\($0.path) \($0.message)" } ?? error.message
        }
    }
}

extension TokenTemplateResponse {
    init(_ template: TokenTemplate) {
        self.init(
            id: template.id,
            name: template.name,
            description: template.description,
            kind: template.kind.rawValue,
            scopes: template.scopes,
            expiresInDays: template.expiresInDays,
            recommendsAddresses: template.recommendsAddressList,
            perMinute: template.perMinute,
            perDay: template.perDay
        )
    }
}
