package import Domain

/// A rotation with what its credential says of failures.
package struct RotationView: Sendable, Hashable {
    package let rotation: Rotation
    /// Rotations of the credential that failed one after the other, up to now.
    package let failures: Int
    /// Before this no other rotation is begun by itself; absent unless the last one failed.
    package let nextAttemptAt: Instant?

    package init(rotation: Rotation, credential: Credential?) {
        self.rotation = rotation
        failures = credential?.consecutiveFailures ?? 0
        nextAttemptAt = credential?.retryAt
    }
}
