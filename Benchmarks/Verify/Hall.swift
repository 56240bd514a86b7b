import ControlPlane
import Domain
import Logging
import SQLDatabase
import Store

/// A store with many tokens of one service account, and the service that checks them.
struct Hall {
    let service: VerificationService
    let garbage: VerificationQuestion
    private let organization: OrganizationID
    private let texts: [Token]
    private let id: CredentialID

    func question(_ number: Int) -> VerificationQuestion {
        VerificationQuestion(text: texts[number].revealed(), organizationID: organization, endpoint: "benchmark")
    }

    /// A text of the right form that nobody made, another one each time.
    var nobodys: VerificationQuestion {
        let text = Token.make(.service, random: .system).revealed()
        return VerificationQuestion(text: text, organizationID: organization, endpoint: "benchmark")
    }

    /// Remembers a use of the first token, as an answer does.
    func remember(_ number: Int) {
        service.usage.record(
            id,
            of: organization,
            endpoint: "benchmark",
            outcome: "ok",
            address: IPAddress(v4: UInt32(number & 255)),
            isUse: true,
            took: .microseconds(3),
            at: Instant(microseconds: 1_795_222_207_000_000)
        )
    }

    static func make(_ database: any Database, tokens count: Int) async throws -> Hall {
        let now = Instant(microseconds: 1_795_222_207_000_000)
        let ids = IDSource(clock: WallClock { now }, random: .system)
        let hasher = TokenHasher(newest: Pepper(id: 1, secret: [UInt8](repeating: 7, count: 32)))
        try await Schema.migrate(database, now: now.microseconds)
        let organization: OrganizationID = ids.next()
        let account = ServiceAccount(
            id: ids.next(),
            organizationID: organization,
            workspaceID: ids.next(),
            name: "benchmark",
            role: .developer,
            createdBy: .system("benchmark"),
            createdAt: now
        )
        try await database.write { tx in
            try tx.execute("INSERT INTO pepper (id, created_at) VALUES (1, ?)", [.int(now.microseconds)])
            try OrganizationStore.insert(Organization(id: organization, name: "Benchmark", createdAt: now), in: tx)
            let workspace = Workspace(
                id: account.workspaceID,
                organizationID: organization,
                name: "Main",
                createdAt: now
            )
            try OrganizationStore.insert(workspace, in: tx)
            _ = try ServiceAccountStore.insert(account, in: tx)
        }
        let texts = (0..<count).map { _ in Token.make(.service, random: .system) }
        let made = texts.enumerated().map { number, text in
            token(number, TokenStamp(hash: hasher.hash(text), prefix: text.prefix), account, ids.next(), now)
        }
        for start in stride(from: 0, to: count, by: 10_000) {
            let some = Array(made[start..<min(start + 10_000, count)])
            try await database.write { tx in
                for token in some { _ = try APITokenStore.insert(token, now: now, in: tx) }
            }
        }
        return Hall(service: service(database, ids, hasher, now), organization, texts, ids.next())
    }

    private init(service: VerificationService, _ organization: OrganizationID, _ texts: [Token], _ id: CredentialID) {
        self.id = id
        self.service = service
        self.organization = organization
        self.texts = texts
        garbage = VerificationQuestion(
            text: "clv_sa_0123456789abcdefghijABCDEFGHIJ01000000",
            organizationID: organization,
            endpoint: "benchmark"
        )
    }

    private static func token(
        _ number: Int,
        _ stamp: TokenStamp,
        _ account: ServiceAccount,
        _ id: CredentialID,
        _ now: Instant
    ) -> APIToken {
        let scopes = ScopeSet([Scope(.agentsRead), Scope(.agentsRotate)])
        guard let scopes else { preconditionFailure("two scopes are a set") }
        return APIToken(
            id: id,
            organizationID: account.organizationID,
            workspaceID: account.workspaceID,
            owner: .serviceAccount(account.id),
            profile: APITokenProfile(name: "t\(number)", scopes: scopes),
            current: APIToken.Current(stamp: stamp, issuedAt: now, expiresAt: now + .days(30)),
            createdBy: account.createdBy,
            createdAt: now
        )
    }

    private static func service(
        _ database: any Database,
        _ ids: IDSource,
        _ hasher: TokenHasher,
        _ now: Instant
    ) -> VerificationService {
        let context = ControlPlaneContext(
            database: database,
            now: { now },
            ids: ids,
            random: .system,
            hashers: TokenHasherSource(hasher),
            logger: Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() },
            publicURL: "http://127.0.0.1"
        )
        // Followed for as long as this takes.
        context.credentials.follower.succeeded(begunAt: .now + .seconds(86_400))
        let denials = DenialRecorder(context: context)
        return VerificationService(
            context: context,
            authentication: AuthenticationService(context: context, denials: denials),
            denials: denials,
            limits: LimitService(context: context),
            usage: UsageRecorder(context: context),
            routes: RouteActions()
        )
    }
}
