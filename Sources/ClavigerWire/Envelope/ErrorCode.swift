/// The name of a problem, by which programs decide; the HTTP status only says its class.
///
/// A newer server may send codes that are not listed here.
public struct ErrorCode: RawRepresentable, Codable, Sendable, Hashable, CustomStringConvertible {
    /// The name as it stands on the wire.
    public let rawValue: String

    /// The name.
    public var description: String { rawValue }

    /// Makes a code from its name.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }
}

// MARK: Who asks
extension ErrorCode {
    /// No credential was sent (401).
    public static let missingCredential = ErrorCode(rawValue: "MissingCredential")
    /// The token is malformed or unknown (401).
    public static let invalidToken = ErrorCode(rawValue: "InvalidToken")
    /// The token has expired (401).
    public static let expiredToken = ErrorCode(rawValue: "ExpiredToken")
    /// The token, or all of its identity, was revoked (401).
    public static let revokedToken = ErrorCode(rawValue: "RevokedToken")
    /// The token was replaced by a newer one and its grace is over (401).
    public static let rotatedOutToken = ErrorCode(rawValue: "RotatedOutToken")
    /// The token or its identity is paused (401).
    public static let suspendedToken = ErrorCode(rawValue: "SuspendedToken")
    /// A kill switch covers the credential (403).
    public static let blocked = ErrorCode(rawValue: "Blocked")
    /// A credential of another kind is needed here (401).
    public static let wrongCredentialKind = ErrorCode(rawValue: "WrongCredentialKind")
    /// E-mail address or password is wrong (401).
    public static let invalidCredentials = ErrorCode(rawValue: "InvalidCredentials")
    /// The signature does not fit the key the agent enrolled with (401).
    public static let proofFailed = ErrorCode(rawValue: "ProofFailed")
}

// MARK: What they may
extension ErrorCode {
    /// The caller lacks the permission (403).
    public static let permissionDenied = ErrorCode(rawValue: "PermissionDenied")
    /// The token lacks the scope that `scope` names (403).
    public static let insufficientScope = ErrorCode(rawValue: "InsufficientScope")
    /// The token may not be used from this address (403).
    public static let addressNotAllowed = ErrorCode(rawValue: "AddressNotAllowed")
    /// The credential would go beyond its owner's rights (403).
    public static let permissionExceedsOwner = ErrorCode(rawValue: "PermissionExceedsOwner")
    /// The membership is not active (403).
    public static let membershipInactive = ErrorCode(rawValue: "MembershipInactive")
}

// MARK: State
extension ErrorCode {
    /// There is no such object, or it belongs to others (404).
    public static let notFound = ErrorCode(rawValue: "NotFound")
    /// The agent must be pending (409).
    public static let agentNotPending = ErrorCode(rawValue: "AgentNotPending")
    /// The agent never enrolled (409).
    public static let agentPending = ErrorCode(rawValue: "AgentPending")
    /// The agent is paused (409).
    public static let agentPaused = ErrorCode(rawValue: "AgentPaused")
    /// The agent is revoked (409).
    public static let agentRevoked = ErrorCode(rawValue: "AgentRevoked")
    /// The agent must be connected (409).
    public static let agentNotConnected = ErrorCode(rawValue: "AgentNotConnected")
    /// The object's state does not allow it; `current_state` names the state (409).
    public static let illegalTransition = ErrorCode(rawValue: "IllegalTransition")
    /// A rotation of equal or higher urgency runs; `rotation_id` names it (409).
    public static let rotationInProgress = ErrorCode(rawValue: "RotationInProgress")
    /// The previous token still works; `until` says how long (409).
    public static let previousTokenInGrace = ErrorCode(rawValue: "PreviousTokenInGrace")
    /// No rotation is running (409).
    public static let noRotation = ErrorCode(rawValue: "NoRotation")
    /// The install token was used by another machine (409).
    public static let installTokenUsed = ErrorCode(rawValue: "InstallTokenUsed")
    /// Another agent of the workspace has this slug (409).
    public static let slugTaken = ErrorCode(rawValue: "SlugTaken")
    /// Another object of the same owner has this name (409).
    public static let nameTaken = ErrorCode(rawValue: "NameTaken")
    /// The first request with this idempotency key is still running (409).
    public static let idempotencyKeyInUse = ErrorCode(rawValue: "IdempotencyKeyInUse")
    /// The object was changed by somebody else meanwhile (409).
    public static let versionConflict = ErrorCode(rawValue: "VersionConflict")
    /// There is an owner already (409).
    public static let setupDone = ErrorCode(rawValue: "SetupDone")
    /// The last active owner can not be removed (409).
    public static let lastOwner = ErrorCode(rawValue: "LastOwner")
}

// MARK: Content
extension ErrorCode {
    /// The body is no JSON text that can be read (400).
    public static let malformedBody = ErrorCode(rawValue: "MalformedBody")
    /// Fields are wrong; `errors` names each (422).
    public static let invalidFields = ErrorCode(rawValue: "InvalidFields")
    /// The request line, a header or a parameter is wrong (400).
    public static let invalidRequest = ErrorCode(rawValue: "InvalidRequest")
    /// The idempotency key was used with another body (422).
    public static let idempotencyKeyReused = ErrorCode(rawValue: "IdempotencyKeyReused")
    /// The operation needs `confirm: true` (422).
    public static let confirmationRequired = ErrorCode(rawValue: "ConfirmationRequired")
    /// The body is longer than allowed (413).
    public static let bodyTooLarge = ErrorCode(rawValue: "BodyTooLarge")
    /// The body must be `application/json` (415).
    public static let unsupportedMediaType = ErrorCode(rawValue: "UnsupportedMediaType")
    /// The route has no such method (405).
    public static let methodNotAllowed = ErrorCode(rawValue: "MethodNotAllowed")
    /// The server does not serve this host name (421).
    public static let misdirectedRequest = ErrorCode(rawValue: "MisdirectedRequest")
    /// The request took too long to arrive (408).
    public static let requestTimeout = ErrorCode(rawValue: "RequestTimeout")
    /// The route speaks WebSocket only (426).
    public static let upgradeRequired = ErrorCode(rawValue: "UpgradeRequired")
}

// MARK: Limits and failures
extension ErrorCode {
    /// Too many attempts; `retry_after_seconds` says when to try again (429).
    public static let tooManyAttempts = ErrorCode(rawValue: "TooManyAttempts")
    /// The token was used more often than a limit allows; `Retry-After` says when there is room (429).
    public static let rateLimitExceeded = ErrorCode(rawValue: "RateLimitExceeded")
    /// The token's quota of the month is used up (429).
    public static let quotaExhausted = ErrorCode(rawValue: "QuotaExhausted")
    /// The agent could not store the new token; `reason` says why (502).
    public static let rotationFailed = ErrorCode(rawValue: "RotationFailed")
    /// The server can not check or answer now (503).
    public static let unavailable = ErrorCode(rawValue: "Unavailable")
    /// Too many requests are waiting (503).
    public static let overloaded = ErrorCode(rawValue: "Overloaded")
    /// The server made a mistake; the request id leads to its log (500).
    public static let internalError = ErrorCode(rawValue: "InternalError")
}

extension ErrorCode {
    /// All codes of this version.
    public static let all: [ErrorCode] = [
        .missingCredential,
        .invalidToken,
        .expiredToken,
        .revokedToken,
        .rotatedOutToken,
        .suspendedToken,
        .blocked,
        .wrongCredentialKind,
        .invalidCredentials,
        .proofFailed,
        .permissionDenied,
        .insufficientScope,
        .addressNotAllowed,
        .permissionExceedsOwner,
        .membershipInactive,
        .notFound,
        .agentNotPending,
        .agentPending,
        .agentPaused,
        .agentRevoked,
        .agentNotConnected,
        .illegalTransition,
        .rotationInProgress,
        .previousTokenInGrace,
        .noRotation,
        .installTokenUsed,
        .slugTaken,
        .nameTaken,
        .idempotencyKeyInUse,
        .versionConflict,
        .setupDone,
        .lastOwner,
        .malformedBody,
        .invalidFields,
        .invalidRequest,
        .idempotencyKeyReused,
        .confirmationRequired,
        .bodyTooLarge,
        .unsupportedMediaType,
        .methodNotAllowed,
        .misdirectedRequest,
        .requestTimeout,
        .upgradeRequired,
        .tooManyAttempts,
        .rateLimitExceeded,
        .quotaExhausted,
        .rotationFailed,
        .unavailable,
        .overloaded,
        .internalError,
    ]
}
