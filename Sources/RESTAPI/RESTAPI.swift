package import ControlPlane
package import HTTPKernel

/// # RESTAPI
///
/// The routes under `/api/v1` and what a machine needs to become an agent: each handler decodes, calls one use case,
/// and encodes. Which routes there are is a value, ``RESTAPI/routes``, from which the golden lists are made.
///
/// May import: HTTPKernel, ControlPlane, Domain, ClavigerWire, StrictJSON, Hummingbird, Crypto and NIO's files for the
/// daemon's downloads. Never Store.
package struct RESTAPI: Sendable {
    /// The use cases behind the routes.
    package struct Services: Sendable {
        let setup: SetupService
        let accounts: AccountService
        let agents: AgentService
        let rotations: RotationService
        let tokens: TokenServices
        package let identities: IdentityService
        let settings: SettingsService
        let audit: AuditService
        let idempotency: IdempotencyService
        let access: AccessServices

        package init(
            setup: SetupService,
            accounts: AccountService,
            agents: AgentService,
            rotations: RotationService,
            tokens: TokenServices,
            identities: IdentityService,
            settings: SettingsService,
            audit: AuditService,
            idempotency: IdempotencyService,
            access: AccessServices
        ) {
            self.setup = setup
            self.accounts = accounts
            self.agents = agents
            self.rotations = rotations
            self.tokens = tokens
            self.identities = identities
            self.settings = settings
            self.audit = audit
            self.idempotency = idempotency
            self.access = access
        }
    }

    private let services: Services
    private let configuration: EdgeConfiguration
    private let binaries: AgentBinaryShelf
    private let agentImage: String

    /// `agentImage` names the image in the instructions for Docker and Kubernetes.
    package init(
        services: Services,
        configuration: EdgeConfiguration,
        binaries: AgentBinaryShelf,
        agentImage: String
    ) {
        self.services = services
        self.configuration = configuration
        self.binaries = binaries
        self.agentImage = agentImage
    }

    /// Every route of this edge.
    package var routes: [Route] {
        let idempotency = IdempotentRoute(service: services.idempotency)
        let install = InstallInstructionsRenderer(publicURL: configuration.publicURL, image: agentImage)
        let agents = AgentController(agents: services.agents, idempotency: idempotency, install: install)
        let rotations = RotationController(rotations: services.rotations, idempotency: idempotency)
        return agents.routes + rotations.routes + services.tokens.routes(idempotency)
            + IdentityController(identities: services.identities, idempotency: idempotency).routes
            + EnrolmentController(agents: services.agents).routes
            + AccountController(setup: services.setup, accounts: services.accounts).routes
            + SettingsController(settings: services.settings).routes
            + services.access.routes(idempotency)
            + AuditController(audit: services.audit).routes
            + InstallController(shelf: binaries, publicURL: configuration.publicURL).routes
            + [ChannelRoute.route]
    }
}
