import ArgumentParser
import ClavigerWire

/// The command `claviger identity create`.
struct IdentityCreateCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Create a service account with its token, or an agent, and show the token's text once.",
        discussion: "Scopes are never taken for granted: name each. With --kind agent the install token is shown."
    )

    @Argument(help: "Name of the identity.")
    var name: String

    @Option(help: "service or agent.")
    var kind: IdentityKindOption = .service

    @Option(help: "What it is for.")
    var description: String?

    @Option(help: "Role of the service account: manager, developer or viewer.")
    var role: WorkspaceRoleOption?

    @Option(help: "Custom role (rol_…) of the service account whose permissions stand instead of the role's.")
    var customRole: String?

    @Option(help: "What the service token may do, such as agents:read; may be repeated.")
    var scope: [String] = []

    @Option(help: "Address or range from where the service token may be used; may be repeated.")
    var address: [String] = []

    @OptionGroup var end: TokenEndOptions

    @Option(help: "Short name of the agent; made from its name without it.")
    var slug: String?

    @Option(help: "Environment that the agent belongs to.")
    var environment: String?

    @OptionGroup var consent: IdentityConsent
    @OptionGroup var place: IdentityPlaceOptions

    mutating func validate() throws {
        switch kind {
        case .service:
            guard slug == nil, environment == nil else {
                throw ValidationError("--slug and --environment belong to --kind agent.")
            }
            guard role != nil else { throw ValidationError("Give the account's --role: manager, developer or viewer.") }
            guard !scope.isEmpty else { throw ValidationError("Give at least one --scope.") }
            guard end.isGiven else { throw ValidationError(TokenEndOptions.missing) }
        case .agent:
            guard role == nil, customRole == nil, scope.isEmpty, address.isEmpty, !end.isGiven else {
                throw ValidationError("Roles, scopes, addresses and an end belong to --kind service.")
            }
        }
    }

    mutating func run(_ console: Console) async throws {
        let (request, output) = (request, place.options.output)
        try await place.use(console) { identities in
            try IdentityReport.show(try await identities.create(request), console, output)
        }
    }

    private var request: CreateIdentityRequest {
        var request = CreateIdentityRequest(kind: kind.rawValue, name: name, description: description)
        request.dryRun = consent.dryRun ? true : nil
        request.role = role?.rawValue
        request.customRoleID = customRole
        request.scopes = kind == .service ? scope : nil
        request.addresses = address.isEmpty ? nil : address
        request.expiresInDays = end.days
        request.expiresAt = end.expiresAt
        request.neverExpires = end.neverExpires ? true : nil
        request.slug = slug
        request.environment = environment
        return request
    }
}
