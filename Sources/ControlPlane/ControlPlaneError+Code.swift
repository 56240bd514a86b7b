extension ControlPlaneError {
    /// What went wrong; the raw value is the code on the wire.
    package struct Code: RawRepresentable, Hashable, Sendable {
        package let rawValue: String

        package init(rawValue: String) {
            self.rawValue = rawValue
        }
    }
}

// Who asks can't be told, or may not.
extension ControlPlaneError.Code {
    package static let missingCredential = Self(rawValue: "MissingCredential")
    package static let invalidToken = Self(rawValue: "InvalidToken")
    package static let expiredToken = Self(rawValue: "ExpiredToken")
    package static let revokedToken = Self(rawValue: "RevokedToken")
    package static let rotatedOutToken = Self(rawValue: "RotatedOutToken")
    package static let suspendedToken = Self(rawValue: "SuspendedToken")
    package static let blocked = Self(rawValue: "Blocked")
    package static let wrongCredentialKind = Self(rawValue: "WrongCredentialKind")
    package static let invalidCredentials = Self(rawValue: "InvalidCredentials")
    package static let permissionDenied = Self(rawValue: "PermissionDenied")
    package static let insufficientScope = Self(rawValue: "InsufficientScope")
    package static let addressNotAllowed = Self(rawValue: "AddressNotAllowed")
    package static let permissionExceedsOwner = Self(rawValue: "PermissionExceedsOwner")
    package static let membershipInactive = Self(rawValue: "MembershipInactive")
    package static let proofFailed = Self(rawValue: "ProofFailed")
}

// It isn't there.
extension ControlPlaneError.Code {
    package static let notFound = Self(rawValue: "NotFound")
}

// It is in another state.
extension ControlPlaneError.Code {
    package static let agentNotPending = Self(rawValue: "AgentNotPending")
    package static let agentPending = Self(rawValue: "AgentPending")
    package static let agentPaused = Self(rawValue: "AgentPaused")
    package static let agentRevoked = Self(rawValue: "AgentRevoked")
    package static let agentNotConnected = Self(rawValue: "AgentNotConnected")
    package static let illegalTransition = Self(rawValue: "IllegalTransition")
    package static let rotationInProgress = Self(rawValue: "RotationInProgress")
    package static let previousTokenInGrace = Self(rawValue: "PreviousTokenInGrace")
    package static let noRotation = Self(rawValue: "NoRotation")
    package static let installTokenUsed = Self(rawValue: "InstallTokenUsed")
    package static let slugTaken = Self(rawValue: "SlugTaken")
    package static let nameTaken = Self(rawValue: "NameTaken")
    package static let idempotencyKeyInUse = Self(rawValue: "IdempotencyKeyInUse")
    package static let versionConflict = Self(rawValue: "VersionConflict")
    package static let setupDone = Self(rawValue: "SetupDone")
    package static let lastOwner = Self(rawValue: "LastOwner")
}

// The request can't be accepted.
extension ControlPlaneError.Code {
    package static let invalidFields = Self(rawValue: "InvalidFields")
    package static let idempotencyKeyReused = Self(rawValue: "IdempotencyKeyReused")
    package static let confirmationRequired = Self(rawValue: "ConfirmationRequired")
}

// Too much of it.
extension ControlPlaneError.Code {
    package static let tooManyAttempts = Self(rawValue: "TooManyAttempts")
    package static let rateLimitExceeded = Self(rawValue: "RateLimitExceeded")
    package static let quotaExhausted = Self(rawValue: "QuotaExhausted")
}

// It was tried and failed.
extension ControlPlaneError.Code {
    package static let rotationFailed = Self(rawValue: "RotationFailed")
}

// It can't be checked or done now.
extension ControlPlaneError.Code {
    package static let unavailable = Self(rawValue: "Unavailable")
    package static let overloaded = Self(rawValue: "Overloaded")
}
