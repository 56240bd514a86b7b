import Domain
import SQLDatabase

extension APITokenStore {
    static let columns = fixed + changing

    private static let fixed: ColumnList = [
        "id", "kind", "organization_id", "workspace_id", "user_id", "service_account_id", "created_at",
        "created_by_kind", "created_by_id", "created_by_name",
    ]

    static let changing: ColumnList = [
        "name", "description", "scopes", "tags", "addresses", "serves", "limit_override", "limit_widened",
        "folded_text", "state", "generation",
        "current_pepper_id", "current_hash", "current_prefix", "token_issued_at", "token_expires_at",
        "previous_pepper_id", "previous_hash", "previous_prefix", "previous_generation", "previous_valid_until",
        "previous_expires_at", "previous_ends_at_first_use", "rotation_required_by", "revoked_at", "updated_at",
        "version",
    ]

    static func fixedValues(of token: APIToken) -> [SQLValue] {
        var user: UserID?
        var account: ServiceAccountID?
        switch token.owner {
        case .user(let id): user = id
        case .serviceAccount(let id): account = id
        }
        return [
            .id(token.id), .word(token.kind), .id(token.organizationID), .id(token.workspaceID), .id(user),
            .id(account), .instant(token.createdAt), .word(token.createdBy.kind), .text(token.createdBy.id),
            .text(token.createdBy.name),
        ]
    }

    static func changingValues(of token: APIToken, now: Instant) -> [SQLValue] {
        let profile = token.profile
        let folded = FoldedText.fold([profile.name, profile.description, profile.serves ?? ""])
        let previous = token.previous
        let written: [SQLValue] = [
            .text(profile.name), .text(profile.description), .json(profile.scopes.texts), .json(profile.tags),
            .json(profile.addresses.map(\.text)), .text(profile.serves), .text(profile.limits?.figures.stored),
            .text(profile.limits?.storedWidening), .text(folded), .word(token.state), .int(token.generation),
        ]
        let current: [SQLValue] =
            SQLValue.stamp(token.current.stamp) + [
                .instant(token.current.issuedAt), .instant(token.current.expiresAt),
            ]
        let before: [SQLValue] =
            SQLValue.stamp(previous?.stamp) + [
                .int(previous?.generation), .instant(previous?.validUntil), .instant(previous?.expiresAt),
                .int(previous.map { $0.endsAtFirstUse ? 1 : 0 }),
            ]
        let rest: [SQLValue] = [
            .instant(token.rotationRequiredBy), .instant(token.revokedAt), .instant(now), .int(token.version),
        ]
        return written + current + before + rest
    }

    static func token(_ row: Row) throws -> APIToken {
        var reader = row.reader
        let id = try reader.id(CredentialID.self)
        // The owner says it too.
        _ = try reader.word(APIToken.Kind.self)
        let organization = try reader.id(OrganizationID.self)
        let workspace = try reader.id(WorkspaceID.self)
        let owner = try owner(&reader)
        let createdAt = try reader.instant()
        let createdBy = try reader.actor()
        let profile = try profile(&reader)
        let token = APIToken(
            id: id,
            organizationID: organization,
            workspaceID: workspace,
            owner: owner,
            profile: profile,
            state: try reader.word(),
            generation: try reader.int(),
            current: try current(&reader),
            previous: try previous(&reader),
            rotationRequiredBy: try reader.optionalInstant(),
            createdBy: createdBy,
            createdAt: createdAt,
            revokedAt: try reader.optionalInstant(),
            version: try version(&reader)
        )
        try reader.finish()
        return token
    }

    private static func owner(_ reader: inout RowReader) throws -> APIToken.Owner {
        let user = try reader.optionalID(UserID.self)
        let account = try reader.optionalID(ServiceAccountID.self)
        if let user { return .user(user) }
        guard let account else { throw DatabaseError(.columnType, "A token has no owner.") }
        return .serviceAccount(account)
    }

    private static func profile(_ reader: inout RowReader) throws -> APITokenProfile {
        let profile = APITokenProfile(
            name: try reader.text(),
            description: try reader.text(),
            scopes: try reader.scopes(),
            tags: try reader.jsonTexts(),
            addresses: try reader.addresses(),
            serves: try reader.optionalText(),
            limits: try LimitOverride(figures: try reader.optionalText(), widening: try reader.optionalText())
        )
        _ = try reader.text()
        return profile
    }

    private static func current(_ reader: inout RowReader) throws -> APIToken.Current {
        let hash = try reader.hash()
        let prefix = try reader.text()
        return APIToken.Current(
            stamp: TokenStamp(hash: hash, prefix: prefix),
            issuedAt: try reader.instant(),
            expiresAt: try reader.optionalInstant()
        )
    }

    private static func previous(_ reader: inout RowReader) throws -> APIToken.Previous? {
        let stamp = try reader.optionalStamp()
        let generation = try reader.optionalInt()
        let validUntil = try reader.optionalInstant()
        let expiresAt = try reader.optionalInstant()
        let ends = try reader.optionalInt()
        guard let stamp, let generation, let validUntil else { return nil }
        return APIToken.Previous(
            stamp: stamp,
            generation: generation,
            validUntil: validUntil,
            expiresAt: expiresAt,
            endsAtFirstUse: ends == 1
        )
    }

    /// The time of the last change comes before it.
    private static func version(_ reader: inout RowReader) throws -> Int64 {
        _ = try reader.instant()
        return try reader.int()
    }
}

extension RowReader {
    /// The scopes of a token, as a list of their texts.
    mutating func scopes() throws -> ScopeSet {
        switch ScopeSet.parse(try jsonTexts()) {
        case .success(let scopes): return scopes
        case .failure: throw DatabaseError(.columnType, "A column does not hold scopes.")
        }
    }

    /// Ranges of addresses, as a list of their texts.
    mutating func addresses() throws -> [AddressRange] {
        try jsonTexts().map { text in
            do throws(AddressFault) {
                return try AddressRange(parsing: text)
            } catch {
                throw DatabaseError(.columnType, "A column does not hold ranges of addresses.")
            }
        }
    }
}
