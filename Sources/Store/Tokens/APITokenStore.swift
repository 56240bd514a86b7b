package import Domain
package import SQLDatabase

/// What a list of tokens is narrowed to; absent fields narrow nothing.
package struct APITokenQuery: Hashable, Sendable {
    package var workspace: WorkspaceID?
    package var owner: APIToken.Owner?
    package var kind: APIToken.Kind?
    package var states: [APIToken.State]?
    package var tag: String?
    /// Part of the name, the description or of what it serves, whatever the case.
    package var text: String?
    package var expiresBefore: Instant?
    /// Only these.
    package var ids: [CredentialID]?
    /// Only service tokens whose current text was shown to a person who left the organization or the workspace (TOK-10).
    package var isSeenByDeparted = false
    package var after: CredentialID?
    package var limit: Int

    package init(limit: Int = 50) {
        self.limit = limit
    }
}

/// Personal and service tokens; those of agents are credentials (``CredentialStore``).
package enum APITokenStore {
    /// Adds a token unless its owner has another of this name that isn't revoked; answers whether it was added.
    package static func insert(_ token: APIToken, now: Instant, in tx: borrowing Transaction) throws -> Bool {
        let values = fixedValues(of: token) + changingValues(of: token, now: now)
        guard try tx.first(insert, values) != nil else { return false }
        try writeTags(of: token, in: tx)
        return true
    }

    package static func get(_ id: CredentialID, in tx: borrowing Transaction) throws -> APIToken? {
        try tx.first(get, [.id(id)], token)
    }

    /// The token that a text belongs to, with the one of its two that it is; the hash says under which pepper it was
    /// made.
    package static func find(
        _ hash: TokenHash,
        in tx: borrowing Transaction
    ) throws -> (token: APIToken, text: TokenUse.Text)? {
        guard let found = try tx.first(find, [.hash(hash), .hash(hash)], token) else { return nil }
        return (found, found.current.stamp.hash.hash == hash ? .current : .previous)
    }

    /// Keeps everybody else from changing the token until the transaction ends; reads come afterwards.
    package static func lock(_ id: CredentialID, in tx: borrowing Transaction) throws {
        _ = try tx.first(lock, [.id(id)])
    }

    /// Writes a changed token if it still has the version it was read with; answers whether it did.
    ///
    /// The record's own version counts, which has to be a greater one. The name has to be asked for before.
    package static func update(
        _ token: APIToken,
        expectedVersion: Int64,
        now: Instant,
        in tx: borrowing Transaction
    ) throws -> Bool {
        let keys: [SQLValue] = [.id(token.id), .int(expectedVersion)]
        guard try tx.execute(update, changingValues(of: token, now: now) + keys) == 1 else { return false }
        try writeTags(of: token, in: tx)
        return true
    }

    /// Whether the owner has another token of this name in the organization that isn't revoked.
    package static func isNameTaken(
        _ name: String,
        owner: APIToken.Owner,
        organization: OrganizationID,
        except id: CredentialID?,
        in tx: borrowing Transaction
    ) throws -> Bool {
        let values: [SQLValue] = [.text(owner.id), .id(organization), .text(name), .text(id?.text ?? "")]
        return switch owner {
        case .user: try tx.first(nameOfUser, values) != nil
        case .serviceAccount: try tx.first(nameOfAccount, values) != nil
        }
    }

    /// How many tokens that aren't revoked an owner has in the organization.
    package static func count(
        of owner: APIToken.Owner,
        organization: OrganizationID,
        in tx: borrowing Transaction
    ) throws -> Int {
        let statement =
            switch owner {
            case .user: countOfUser
            case .serviceAccount: countOfAccount
            }
        return Int(try tx.first(statement, [.text(owner.id), .id(organization)]) { try $0.int(0) } ?? 0)
    }

    /// One page of an organization's tokens, newest first; the next one is behind the last one's id.
    package static func list(
        organization: OrganizationID,
        query: APITokenQuery,
        in tx: borrowing Transaction
    ) throws -> Page<APIToken> {
        let list = listing(organization: organization, query: query)
        let rows = try tx.rows(list.statement, list.values, token)
        return Page(rows, limit: query.limit) { PageCursor(time: $0.createdAt, id: $0.id.text) }
    }

    /// What ends a token: the life of its text, or the time by which its rotation was demanded.
    package enum End: CaseIterable, Sendable {
        case expiry, demand
    }

    /// One page of the tokens that aren't revoked and end by this in the span, the first to end first.
    package static func ending(
        by cause: End,
        after start: Instant,
        until end: Instant,
        from cursor: PageCursor?,
        limit: Int,
        in tx: borrowing Transaction
    ) throws -> Page<APIToken> {
        let values: [SQLValue] = [
            .instant(end), .instant(cursor?.time ?? start), .text(cursor?.id ?? "~"), .int(limit + 1),
        ]
        let rows = try tx.rows(cause == .expiry ? ending : demanded, values, token)
        return Page(rows, limit: limit) { token in
            let time = cause == .expiry ? token.current.expiresAt : token.rotationRequiredBy
            return PageCursor(time: time ?? end, id: token.id.text)
        }
    }

    private static func writeTags(of token: APIToken, in tx: borrowing Transaction) throws {
        try tx.execute(deleteTags, [.id(token.id)])
        for tag in token.profile.tags { try tx.execute(insertTag, [.id(token.id), .text(tag)]) }
    }
}
