/// The template of a path, written once for the server's routes and the clients.
///
/// A template is relative to a base; `{id}` stands for one path segment.
public struct APIPath: Sendable, Hashable {
    /// Where all REST routes are.
    public static let base = "/api/v1"
    /// Where the operator routes answer as well.
    public static let operatorBase = "/api/v1/operator"

    /// The template below its base, such as `/agents/{id}/pause`.
    public let template: String
    /// The base; empty for routes at the root.
    public let base: String

    private init(_ template: String, base: String = Self.base) {
        self.template = template
        self.base = base
    }

    /// Base and template together.
    public var fullTemplate: String { base + template }

    /// The path with the segments filled in, in order; characters that have a meaning in paths are percent-encoded.
    public func path(_ segments: String...) -> String {
        var rest = segments[...]
        let parts = fullTemplate.split(separator: "/", omittingEmptySubsequences: false)
        return parts.map { $0.hasPrefix("{") ? Self.encoded(rest.popFirst() ?? "") : String($0) }.joined(separator: "/")
    }

    /// A path segment or query part, with everything but unreserved characters percent-encoded (RFC 3986).
    public static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            default:
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 0xF)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension APIPath {
    /// The list of agents: GET, POST.
    public static let agents = APIPath("/agents")
    /// Enrolment: POST, with an install token.
    public static let enroll = APIPath("/agents/enroll")
    /// One agent: GET, PUT, PATCH, DELETE.
    public static let agent = APIPath("/agents/{id}")
    /// An agent's history: GET.
    public static let agentEvents = APIPath("/agents/{id}/events")
    /// Rotation of the token: POST.
    public static let rotateAgentToken = APIPath("/agents/{id}/tokens/rotate")
    /// Early end of the grace: POST.
    public static let endGrace = APIPath("/agents/{id}/tokens/end-grace")
    /// Revocation: POST.
    public static let revokeAgentTokens = APIPath("/agents/{id}/tokens/revoke")
    /// The rotation: GET, DELETE (cancel).
    public static let agentRotation = APIPath("/agents/{id}/rotation")
    /// A new install token: POST.
    public static let regenerateToken = APIPath("/agents/{id}/regenerate-token")
    /// Pause: POST.
    public static let pauseAgent = APIPath("/agents/{id}/pause")
    /// Resume: POST.
    public static let resumeAgent = APIPath("/agents/{id}/resume")
    /// Reset: POST.
    public static let resetAgent = APIPath("/agents/{id}/reset")
    /// Personal and service tokens: GET, POST.
    public static let tokens = APIPath("/tokens")
    /// One token: GET, PATCH.
    public static let token = APIPath("/tokens/{id}")
    /// Everything about one token: GET.
    public static let tokenDetails = APIPath("/tokens/{id}/details")
    /// Recommended beginnings for tokens: GET.
    public static let tokenTemplates = APIPath("/tokens/templates")
    /// Revocation of many tokens: POST.
    public static let bulkRevokeTokens = APIPath("/tokens/bulk/revoke")
    /// Demand of a rotation of many tokens: POST.
    public static let bulkRotateTokens = APIPath("/tokens/bulk/rotate")
    /// Other scopes for many tokens: POST.
    public static let bulkRescopeTokens = APIPath("/tokens/bulk/rescope")
    /// Other tags for many tokens: POST.
    public static let bulkTagTokens = APIPath("/tokens/bulk/tag")
    /// A new text for a token: POST.
    public static let rotateToken = APIPath("/tokens/{id}/rotate")
    /// Pause of a token: POST.
    public static let pauseToken = APIPath("/tokens/{id}/pause")
    /// Resumption of a token: POST.
    public static let resumeToken = APIPath("/tokens/{id}/resume")
    /// The end of a token: POST.
    public static let revokeToken = APIPath("/tokens/{id}/revoke")
    /// Where a token ran into its limits: GET.
    public static let tokenLimits = APIPath("/analytics/tokens/{id}/limits")

    /// Accounts of programs: GET, POST.
    public static let serviceAccounts = APIPath("/service-accounts")
    /// One account: GET, PATCH, DELETE.
    public static let serviceAccount = APIPath("/service-accounts/{id}")
    /// Pause of an account: POST.
    public static let pauseServiceAccount = APIPath("/service-accounts/{id}/pause")
    /// Resumption of an account: POST.
    public static let resumeServiceAccount = APIPath("/service-accounts/{id}/resume")
    /// A new token for an account: POST.
    public static let serviceAccountTokens = APIPath("/service-accounts/{id}/tokens")

    /// Machine identities for maintainers: GET, POST.
    public static let identities = APIPath("/identities")
    /// One machine identity: GET.
    public static let identity = APIPath("/identities/{id}")
    /// Rotation of an identity's token: POST.
    public static let rotateIdentity = APIPath("/identities/{id}/rotate")
    /// Pause of an identity: POST.
    public static let pauseIdentity = APIPath("/identities/{id}/pause")
    /// Resumption of an identity: POST.
    public static let resumeIdentity = APIPath("/identities/{id}/resume")
    /// The end of an identity's tokens: POST.
    public static let revokeIdentity = APIPath("/identities/{id}/revoke")

    /// Scopes of the organization's own API: GET, POST.
    public static let registeredScopes = APIPath("/registered-scopes")
    /// One such scope: PATCH, DELETE.
    public static let registeredScope = APIPath("/registered-scopes/{name}")
    /// APIs whose callers are checked: GET, POST.
    public static let protectedAPIs = APIPath("/protected-apis")
    /// One such API: GET, PATCH, DELETE.
    public static let protectedAPI = APIPath("/protected-apis/{id}")

    /// The agent channel: GET, WebSocket, with an agent token.
    public static let agentChannel = APIPath("/agent/channel")

    /// The first owner: POST, with the setup secret in the body.
    public static let setup = APIPath("/setup")
    /// Sign-in: POST.
    public static let login = APIPath("/auth/login")
    /// Sign-out: POST.
    public static let logout = APIPath("/auth/logout")
    /// Change of the password: POST.
    public static let password = APIPath("/auth/password")
    /// A forgotten password: POST, with the recovery secret in the body.
    public static let recover = APIPath("/auth/recover")
    /// The caller's sessions: GET.
    public static let sessions = APIPath("/auth/sessions")
    /// One session: DELETE.
    public static let session = APIPath("/auth/sessions/{id}")
    /// Who asks: GET.
    public static let me = APIPath("/me")
    /// Stored settings: GET, PATCH.
    public static let settings = APIPath("/settings")
    /// The audit trail: GET.
    public static let auditEvents = APIPath("/audit/events")

    /// Whether a token is good: POST.
    public static let verifyToken = APIPath("/tokens/verify")
    /// The same in OAuth's words: POST (RFC 7662).
    public static let oauthIntrospect = APIPath("/oauth2/introspect", base: "")
    /// The end of a token by who holds it: POST (RFC 7009).
    public static let oauthRevoke = APIPath("/oauth2/revoke", base: "")
    /// Whether a proxy may let a request pass: GET.
    public static let forwardAuth = APIPath("/auth/forward/{id}", base: "")
    /// Where OAuth's endpoints are: GET (RFC 8414).
    public static let authorizationServer = APIPath("/.well-known/oauth-authorization-server", base: "")

    /// The members of the organization: GET.
    public static let members = APIPath("/members")
    /// One member: GET, PATCH, DELETE.
    public static let member = APIPath("/members/{id}")
    /// Pause of a member: POST.
    public static let pauseMember = APIPath("/members/{id}/pause")
    /// Resume of a member: POST.
    public static let resumeMember = APIPath("/members/{id}/resume")
    /// Custom roles: GET, POST.
    public static let roles = APIPath("/roles")
    /// One custom role: GET, PATCH, DELETE.
    public static let role = APIPath("/roles/{id}")
    /// The organization's policy: GET, PUT.
    public static let policy = APIPath("/policy")
    /// Workspaces: GET, POST.
    public static let workspaces = APIPath("/workspaces")
    /// One workspace: GET, PATCH.
    public static let workspace = APIPath("/workspaces/{id}")
    /// The members of a workspace: GET, POST.
    public static let workspaceMembers = APIPath("/workspaces/{id}/members")
    /// One of them: PATCH, DELETE.
    public static let workspaceMember = APIPath("/workspaces/{id}/members/{member_id}")
    /// The organization the caller acts in: GET, PATCH.
    public static let organization = APIPath("/organization")
    /// The caller's organizations: GET; POST accepts an invitation.
    public static let myOrganizations = APIPath("/me/organizations")
    /// All organizations of the server: GET, POST.
    public static let organizations = APIPath("/organizations")
    /// One organization of the server: GET.
    public static let serverOrganization = APIPath("/organizations/{id}")
    /// The plan of an organization: PUT.
    public static let organizationPlan = APIPath("/organizations/{id}/plan")
    /// Invitations that wait: GET, POST.
    public static let invitations = APIPath("/invitations")
    /// Acceptance with a password: POST, with the secret in the body.
    public static let acceptInvitation = APIPath("/invitations/accept")
    /// One invitation: DELETE.
    public static let invitation = APIPath("/invitations/{id}")
    /// Plans: GET, POST.
    public static let plans = APIPath("/plans")
    /// One plan: GET, PATCH, DELETE.
    public static let plan = APIPath("/plans/{id}")
    /// What a member may do, explained: GET.
    public static let memberPermissions = APIPath("/members/{id}/permissions")
    /// What a token may do, explained: GET.
    public static let tokenPermissions = APIPath("/tokens/{id}/permissions")
    /// What the caller may do, explained: GET.
    public static let myPermissions = APIPath("/me/permissions")

    /// The install script: GET.
    public static let installScript = APIPath("/install.sh", base: "")
    /// The daemon: GET, with `?arch=`.
    public static let installBinary = APIPath("/install/claviger-agent", base: "")
    /// Whether the process lives: GET.
    public static let health = APIPath("/healthz", base: "")
    /// Whether it can answer: GET.
    public static let readiness = APIPath("/readyz", base: "")
    /// Prometheus text: GET.
    public static let metrics = APIPath("/metrics", base: "")
}

extension APIPath {
    /// All templates of this version.
    public static let all: [APIPath] = [
        .agents,
        .enroll,
        .agent,
        .agentEvents,
        .rotateAgentToken,
        .endGrace,
        .revokeAgentTokens,
        .agentRotation,
        .regenerateToken,
        .pauseAgent,
        .resumeAgent,
        .resetAgent,
        .tokens,
        .token,
        .tokenDetails,
        .tokenTemplates,
        .bulkRevokeTokens,
        .bulkRotateTokens,
        .bulkRescopeTokens,
        .bulkTagTokens,
        .rotateToken,
        .pauseToken,
        .resumeToken,
        .revokeToken,
        .tokenLimits,
        .serviceAccounts,
        .serviceAccount,
        .pauseServiceAccount,
        .resumeServiceAccount,
        .serviceAccountTokens,
        .identities,
        .identity,
        .rotateIdentity,
        .pauseIdentity,
        .resumeIdentity,
        .revokeIdentity,
        .registeredScopes,
        .registeredScope,
        .protectedAPIs,
        .protectedAPI,
        .agentChannel,
        .setup,
        .login,
        .logout,
        .password,
        .recover,
        .sessions,
        .session,
        .me,
        .settings,
        .auditEvents,
        .verifyToken,
        .oauthIntrospect,
        .oauthRevoke,
        .forwardAuth,
        .authorizationServer,
        .members,
        .member,
        .pauseMember,
        .resumeMember,
        .roles,
        .role,
        .policy,
        .workspaces,
        .workspace,
        .workspaceMembers,
        .workspaceMember,
        .organization,
        .myOrganizations,
        .organizations,
        .serverOrganization,
        .organizationPlan,
        .invitations,
        .acceptInvitation,
        .invitation,
        .plans,
        .plan,
        .memberPermissions,
        .tokenPermissions,
        .myPermissions,
        .installScript,
        .installBinary,
        .health,
        .readiness,
        .metrics,
    ]
}
